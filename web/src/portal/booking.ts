import { reactive, ref, shallowRef, watch } from 'vue'
import type { Body } from '@/api/routes'
import type { Case, Method, ParcelDetail, Slot } from '@/api/types'
import { api } from '@/lib/client'
import { Intent } from '@/lib/intent'
import { useLoad } from '@/lib/load'
import { Problem } from '@/lib/problem'
import { shopZone } from '@/lib/zone'
import { parcels } from './beside'
import { nextDays } from './parcels'
import { whereAmI, type Place } from './where'

type Act = Body<'POST /v1/my/cases/{id}/parcels/{parcel}/actions'>

/** What a customer fills in to say how a parcel gets to the carrier, and the calls it makes. */
export function useBooking(found: () => Case, parcel: () => ParcelDetail) {
  const days = nextDays(7, shopZone.value)
  const form = reactive({
    method: (parcel().method ?? 'drop_off') as Method,
    place: '',
    day: days[0]!,
    slot: undefined as Slot | undefined,
    /** Fetched where the last pick-up was to be; where that was is not told. */
    same: !!parcel().booking?.addressed,
    name: '',
    street: '',
    city: '',
    postcode: '',
    phone: '',
  })
  const busy = ref(false)
  const problem = shallowRef<Problem>()
  const intent = new Intent()
  const at = () => ({ id: found().id })
  const here = shallowRef<Place>()
  const points = useLoad((signal) =>
    api('GET /v1/my/cases/{id}/points', { path: at(), query: { ...here.value }, signal }),
  )
  const seeking = ref(false)
  const nowhere = ref(false)
  /** Asks the device where it is, and for the points from there; the nearest is taken where none was. */
  async function near(): Promise<void> {
    if (seeking.value) return
    seeking.value = true
    here.value = await whereAmI()
    nowhere.value = !here.value
    if (here.value) await points.load()
    const first = points.data.value?.items[0]
    if (first?.metres !== undefined) form.place ||= first.id
    seeking.value = false
  }
  const slots = useLoad((signal) =>
    api('GET /v1/my/cases/{id}/slots', {
      path: at(),
      query: { day: form.day, postcode: form.postcode, city: form.city },
      signal,
    }),
  )
  watch([() => form.method, () => form.day], () => {
    if (form.method !== 'pick_up') return
    form.slot = undefined
    void slots.load()
  })

  /** What is missing before a pick-up can be booked. */
  function gap(): '' | 'slot' | 'name' | 'street' {
    if (form.method !== 'pick_up') return ''
    if (!form.slot) return 'slot'
    if (form.same) return ''
    if (!form.name.trim()) return 'name'
    return form.street.trim() ? '' : 'street'
  }

  function body(): Act {
    if (form.method === 'self_ship') return { action: 'book', method: 'self_ship' }
    if (form.method === 'drop_off') {
      return { action: 'book', method: 'drop_off', ...(form.place && { place: form.place }) }
    }
    const { id, carrier, from, to } = form.slot!
    const book = { action: 'book', method: 'pick_up', place: id, ...(carrier && { carrier }), from, to } as const
    if (form.same) return book
    const { name, street, city, postcode, phone } = form
    const lines = street.split('\n').flatMap((line) => line.trim() || [])
    const address = { name, lines, ...(city && { city }), ...(postcode && { postcode }), ...(phone && { phone }) }
    return { ...book, address }
  }

  async function send(act: Act): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    problem.value = undefined
    try {
      const path = { id: found().id, parcel: parcel().id }
      parcels[parcel().id] = await api('POST /v1/my/cases/{id}/parcels/{parcel}/actions', { path, body: act, intent })
      return true
    } catch (error) {
      problem.value = Problem.of(error)
      if (problem.value.code.startsWith('shipment.slot')) {
        form.slot = undefined
        void slots.load()
      }
      return false
    } finally {
      busy.value = false
    }
  }
  return {
    form,
    days,
    points,
    near,
    seeking,
    nowhere,
    slots,
    gap,
    busy,
    problem,
    book: () => send(body()),
    cancel: () => send({ action: 'cancel_booking' }),
  }
}
export type Booking = ReturnType<typeof useBooking>
