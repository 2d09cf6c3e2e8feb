// The shop that is measured: the program itself, with cases written as
// bench/caselist does and the story of the demonstration on top.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = new URL('../../', import.meta.url).pathname

const freePort = () =>
  new Promise((found) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => found(port))
    })
  })

/** Fills a folder, or a database, and serves it; `close` ends the server and removes a folder of our own. */
export async function openShop({ binary, cases, data, database }) {
  const own = !data
  const folder = data ?? mkdtempSync(join(tmpdir(), 'aftercare-web-'))
  const where = ['--data', folder, ...(database ? ['--database', database] : [])]
  const quiet = { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] }
  const seed = ['-binary', binary, '-data', folder, '-cases', String(cases), '-times', '1']
  execFileSync('go', ['run', './bench/caselist', ...seed, ...(database ? ['-database', database] : [])], quiet)
  execFileSync(binary, ['demo', ...where], quiet)
  const url = `http://127.0.0.1:${await freePort()}`
  const flags = ['--demo', '--rate-limit', '0', '--log-level', 'warn', '--mail', 'off', '--base-url', url]
  const server = spawn(binary, ['serve', ...where, '--listen', url.slice(7), ...flags], {
    stdio: 'ignore',
  })
  let ended = false
  server.on('exit', () => (ended = true))
  for (let tries = 0; ; tries++) {
    if (ended || tries > 600) throw new Error('the server did not become ready')
    const ready = await fetch(`${url}/readyz`).catch(() => undefined)
    if (ready?.ok) break
    await new Promise((next) => setTimeout(next, 50))
  }
  const close = async () => {
    if (!ended) {
      const over = new Promise((next) => server.on('exit', next))
      server.kill('SIGTERM')
      await over
    }
    if (own) rmSync(folder, { recursive: true, force: true })
  }
  return { url, close }
}

/** Signs a browser's context in as the customer of an order, and answers the order's id. */
export async function asCustomer(context, url, { number, contact }) {
  const post = async (path, data) => {
    const answer = await context.request.post(url + path, { data, headers: { Origin: url } })
    if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`)
    return answer.json()
  }
  const asked = await post('/v1/my/lookup', { order_number: number, contact })
  await post('/v1/my/session', { challenge: asked.challenge, code: asked.demo_code })
  const mine = await (await context.request.get(`${url}/v1/my/orders`)).json()
  return mine.items.find((one) => one.number === number)?.id ?? mine.items[0].id
}

/** Signs a browser's context in as a member of staff. */
export async function asStaff(context, url, { email, password }) {
  const answer = await context.request.post(`${url}/v1/session`, {
    data: { email, password },
    headers: { Origin: url },
  })
  if (!answer.ok()) throw new Error(`signing in: ${answer.status()} ${await answer.text()}`)
}
