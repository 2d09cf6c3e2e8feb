import { nextTick, watch, type Ref } from 'vue'
import { useRoute } from 'vue-router'

/** Where the search leads on the page of a case: the message or note, and of a message its place in the conversation. */
export interface Led {
  id: string
  seq: number
}

/** What the address leads to; empty: the whole case. */
export function ledTo(query: Record<string, unknown>): Led | undefined {
  const id = typeof query.said === 'string' && /^[\w-]{1,60}$/.test(query.said) ? query.said : ''
  return id ? { id, seq: Number(query.seq) || 0 } : undefined
}

/** Shows what the address leads to as soon as it stands on the page: in the middle, marked, with the keys. */
export function useLed(ready: Ref<unknown>): void {
  const route = useRoute()
  let shown = ''
  watch(
    [ready, () => route.query.said],
    async () => {
      const led = ledTo(route.query)
      if (!led || shown === led.id) return
      await nextTick()
      const one = document.getElementById(`said-${led.id}`)
      if (!one) return
      shown = led.id
      document.querySelector('[data-led]')?.removeAttribute('data-led')
      one.dataset.led = ''
      one.scrollIntoView({ block: 'center' })
      one.focus({ preventScroll: true })
    },
    { immediate: true, flush: 'post' },
  )
}
