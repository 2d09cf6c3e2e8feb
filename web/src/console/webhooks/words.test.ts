import { expect, it } from 'vitest'
import en from '../../i18n/admin.en.json'
import { trouble, troubles } from './words'

it.each([
  [{ status: 200 }, undefined],
  [{}, undefined],
  [{ status: 503, error: 'answered 503' }, 'broken'],
  [{ status: 401, error: 'answered 401' }, 'denied'],
  [{ status: 302, error: 'answered 302' }, 'moved'],
  [{ status: 404, error: 'answered 404' }, 'missing'],
  [{ status: 422, error: 'answered 422' }, 'rejected'],
  [{ error: 'lookup erp.invalid on 10.255.255.53:53: no such host' }, 'name'],
  [{ error: 'connect: connection refused' }, 'nobody'],
  [{ error: 'x509: certificate has expired or is not yet valid' }, 'certificate'],
  [{ error: 'the address is inside a private network' }, 'inside'],
  [{ error: 'no answer in time' }, 'late'],
  [{ error: 'something new' }, 'nobody'],
])('says why a delivery was not taken: %j', (delivery, why) => expect(trouble(delivery)).toBe(why))

it('has words for each of them', () =>
  expect(troubles.filter((one) => !(`webhook.trouble.${one}` in en))).toEqual([]))
