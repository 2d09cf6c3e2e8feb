import { computed, ref } from 'vue'
import { shop } from './shop'

/** What the customer is looking at: goes into the subject of a message to the shop. */
export const helpSubject = ref('')
export const helpLink = computed(() => {
  const address = shop.value?.support_email
  if (!address) return ''
  return `mailto:${address}${helpSubject.value ? `?subject=${encodeURIComponent(helpSubject.value)}` : ''}`
})
