import { computed } from 'vue'
import { lang } from '@/i18n'

interface Brand {
  texts?: Record<string, { title?: string; intro?: string }>
  links?: { kind: 'website' | 'contact' | 'terms' | 'privacy' | 'imprint'; url: string }[]
  logo?: { url: string; width: number; height: number }
}

/** How the shop looks; it comes with the page, so that nothing changes its looks after it was seen. */
export const brand: Brand = JSON.parse(document.getElementById('brand')?.textContent || '{}')
/** What the shop says first, in the reader's language. */
export const welcome = computed(() => brand.texts?.[lang.value])
