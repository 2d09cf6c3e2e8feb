import { onScopeDispose, ref } from 'vue'

/** Whether a media query holds now, for content that moves in the page and not only in its looks. */
export function useMedia(query: string) {
  const list = window.matchMedia(query)
  const holds = ref(list.matches)
  const follow = () => (holds.value = list.matches)
  list.addEventListener('change', follow)
  onScopeDispose(() => list.removeEventListener('change', follow))
  return holds
}
