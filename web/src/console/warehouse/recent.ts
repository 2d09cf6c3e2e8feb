import { ref } from 'vue'
import type { ParcelHit } from '@/api/staff'

/** The parcels scanned last on this screen, the newest first. */
export const recent = ref<ParcelHit[]>([])
export function remember(hit: ParcelHit): void {
  recent.value = [hit, ...recent.value.filter((one) => one.case.id !== hit.case.id)].slice(0, 5)
}
