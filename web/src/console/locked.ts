import { computed, type Ref } from 'vue'
import { lang, t } from '@/i18n'
import { useNow } from '@/lib/clock'
import { duration } from '@/lib/format'
import type { Problem } from '@/lib/problem'

/** After too many wrong passwords: the seconds until the next try is possible, and the same in words. */
export function useLocked(problem: Ref<Problem | undefined>) {
  const now = useNow(1)
  const locked = computed(() => {
    const until = problem.value?.facts.until
    if (typeof until !== 'string') return 0
    return Math.max(0, (new Date(until).getTime() - now.value.getTime()) / 1000)
  })
  const wait = computed(() =>
    locked.value < 60 ? t('signin.seconds', { count: Math.ceil(locked.value) }) : duration(locked.value, lang.value),
  )
  return { locked, wait }
}
