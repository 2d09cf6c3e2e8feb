import type { StaffCase } from '@/api/staff'
import type { Parcel } from '@/api/types'
import { t } from '@/i18n'
import { carrierName } from '../words'

/** A parcel by its direction, its place among those of the same direction, and its number. */
export function parcelName(found: StaffCase, one: Parcel): string {
  const alike = (found.parcels ?? []).filter((other) => other.direction === one.direction)
  const way = t(`parcels.${one.direction}`)
  const which = alike.length > 1 ? `${way} ${alike.indexOf(one) + 1}` : way
  return [which, one.carrier && carrierName(one.carrier), one.tracking].filter(Boolean).join(' · ')
}
