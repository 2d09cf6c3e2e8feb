import { onScopeDispose, ref } from 'vue'

/** The present, renewed while the component lives, for "remaining" and "ago". */
export function useNow(everySeconds = 30) {
  const now = ref(new Date())
  const timer = setInterval(() => (now.value = new Date()), everySeconds * 1000)
  onScopeDispose(() => clearInterval(timer))
  return now
}
