import { reactive, watch } from 'vue'
import type { Article } from '@/api/types'
import { lang } from '@/i18n'
import { api } from '@/lib/client'
import { Problem } from '@/lib/problem'

export interface Shelf {
  items?: Article[]
  problem?: Problem
}

/** What articles can be exchanged for, read once for each article that is asked about. */
export function useArticles(wanted: () => string[]) {
  const shelves = reactive<Record<string, Shelf>>({})

  async function read(sku: string): Promise<void> {
    shelves[sku] = {}
    try {
      shelves[sku] = { items: (await api('GET /v1/my/products', { query: { sku } })).items }
    } catch (error) {
      shelves[sku] = { problem: Problem.of(error) }
    }
  }
  watch(
    [wanted, lang],
    ([now], before) => {
      const moved = before[1] && before[1] !== lang.value
      for (const sku of now) if (moved || !shelves[sku]) void read(sku)
    },
    { immediate: true },
  )
  return { shelves, read }
}
