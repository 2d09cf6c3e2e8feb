import { useQuery } from '@tanstack/vue-query'
import type { ShopSettings } from '@/api/staff'
import { request } from '@/lib/client'
import type { Problem } from '@/lib/problem'
import { may } from '../session'

/** The shop's settings as they were at one version. */
export interface Seen {
  version: number
  settings: ShopSettings
}
export const settingsKey = ['shop-settings']

export const seen = (data: ShopSettings, etag: string): Seen => ({
  version: Number(/\d+/.exec(etag)?.[0] ?? 0),
  settings: data,
})
export async function readSettings(signal?: AbortSignal): Promise<Seen> {
  const { data, etag } = await request('GET /v1/shop/settings', signal ? { signal } : {})
  return seen(data, etag)
}
/** Asked only for people who may change them. */
export const useSettings = () =>
  useQuery({
    queryKey: settingsKey,
    queryFn: ({ signal }) => readSettings(signal),
    enabled: () => may('shop.manage'),
    refetchOnWindowFocus: false,
  })

/** The settings as a form edits them: nothing is missing, the address has its lines in one text. */
export interface SettingsForm {
  name: string
  host: string
  zone: string
  language: ShopSettings['language']
  currency: string
  support_email: string
  to_name: string
  to_lines: string
  to_city: string
  to_postcode: string
  to_country: string
  to_phone: string
}

export function toForm(from: ShopSettings): SettingsForm {
  const to = from.return_address
  return {
    name: from.name,
    host: from.host ?? '',
    zone: from.zone,
    language: from.language,
    currency: from.currency,
    support_email: from.support_email ?? '',
    to_name: to.name,
    to_lines: to.lines.join('\n'),
    to_city: to.city ?? '',
    to_postcode: to.postcode ?? '',
    to_country: to.country ?? '',
    to_phone: to.phone ?? '',
  }
}

const linesOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)

/** The name in an address that was pasted whole. */
const nameOf = (text: string) => text.trim().replace(/^https?:\/\//i, '').replace(/\/$/, '')

export function toSettings(form: SettingsForm): ShopSettings {
  return {
    name: form.name.trim(),
    host: nameOf(form.host),
    zone: form.zone.trim(),
    language: form.language,
    currency: form.currency.trim().toUpperCase(),
    support_email: form.support_email.trim(),
    return_address: {
      name: form.to_name.trim(),
      lines: linesOf(form.to_lines),
      city: form.to_city.trim(),
      postcode: form.to_postcode.trim(),
      country: form.to_country.trim().toUpperCase(),
      phone: form.to_phone.trim(),
    },
  }
}

/** A label needs to say who and where; without that no return can be approved. */
export const noAddress = ({ return_address: to }: ShopSettings): boolean => !to.name || !to.lines.length

export type Field = keyof SettingsForm
/** What a page can see before asking: the first rule of each field that is broken. */
export function broken(form: SettingsForm): Partial<Record<Field, true>> {
  const bad: Partial<Record<Field, true>> = {}
  const made = toSettings(form)
  if (!made.name) bad.name = true
  if (!made.zone) bad.zone = true
  if (!/^[A-Z]{3}$/.test(made.currency)) bad.currency = true
  if (made.support_email && !/^[^\s@]+@[^\s@]+$/.test(made.support_email)) bad.support_email = true
  if (made.return_address.lines.length > 6) bad.to_lines = true
  if (!/^([A-Z]{2})?$/.test(made.return_address.country ?? '')) bad.to_country = true
  return bad
}

/** Refusals that concern the host and have words of their own. */
export const aboutHost = (problem: Problem | undefined): boolean =>
  problem?.code === 'tenant.taken' || problem?.code === 'tenant.host_needed'

/** The fields a refusal is about; the server names the address return or return_address, and lines by number. */
export function refused(problem: Problem | undefined): Partial<Record<Field, true>> {
  const bad: Partial<Record<Field, true>> = {}
  for (const { field } of problem?.errors ?? []) {
    const name = field
      .replace(/^body\./, '')
      .replace(/^return(_address)?\./, 'to_')
      .replace(/\[\d+\]$/, '')
    bad[name as Field] = true
  }
  if (aboutHost(problem)) bad.host = true
  return bad
}

/** Zones that are offered; any other IANA name may be written. */
export const zones = [
  'Asia/Shanghai',
  'Asia/Hong_Kong',
  'Asia/Macau',
  'Asia/Taipei',
  'Asia/Urumqi',
  'Asia/Singapore',
  'Asia/Kuala_Lumpur',
  'Asia/Bangkok',
  'Asia/Ho_Chi_Minh',
  'Asia/Jakarta',
  'Asia/Manila',
  'Asia/Tokyo',
  'Asia/Seoul',
  'Asia/Kolkata',
  'Asia/Dubai',
  'Asia/Riyadh',
  'Australia/Perth',
  'Australia/Sydney',
  'Pacific/Auckland',
  'Europe/London',
  'Europe/Lisbon',
  'Europe/Paris',
  'Europe/Berlin',
  'Europe/Madrid',
  'Europe/Rome',
  'Europe/Amsterdam',
  'Europe/Warsaw',
  'Europe/Athens',
  'Europe/Istanbul',
  'Europe/Moscow',
  'Africa/Cairo',
  'Africa/Lagos',
  'Africa/Johannesburg',
  'America/Sao_Paulo',
  'America/Mexico_City',
  'America/New_York',
  'America/Toronto',
  'America/Chicago',
  'America/Denver',
  'America/Los_Angeles',
  'UTC',
]
export const currencies = ['CNY', 'HKD', 'TWD', 'MOP', 'USD', 'EUR', 'GBP', 'JPY', 'KRW', 'SGD', 'MYR', 'THB', 'AUD']
