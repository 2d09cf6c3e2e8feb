// Files that were chosen and have not arrived at the server yet are kept in this
// browser: a reload, a closed tab or a night without network loses none.

export interface KeptFile {
  key: string
  /** What they were chosen for: a draft and a line of it. */
  group: string
  body: Blob
  name: string
  /** Where the upload goes on, once it has begun. */
  upload?: string
  at: number
}

const limit = 300 * 1024 * 1024
const days = 7 * 24 * 3600 * 1000
let opened: Promise<IDBDatabase> | undefined

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open('aftercare', 1)
    asked.addEventListener('upgradeneeded', () =>
      asked.result.createObjectStore('files', { keyPath: 'key' }).createIndex('group', 'group'),
    )
    asked.addEventListener('success', () => resolve(asked.result))
    asked.addEventListener('error', () => reject(asked.error))
  })
  return opened
}

async function run<T>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T | undefined> {
  try {
    const db = await open()
    return await new Promise((resolve, reject) => {
      const asked = ask(db.transaction('files', mode).objectStore('files'))
      asked.addEventListener('success', () => resolve(asked.result))
      asked.addEventListener('error', () => reject(asked.error))
    })
  } catch {
    return undefined // Private windows and full disks refuse: keeping is a convenience.
  }
}

export async function keepFile(file: KeptFile): Promise<void> {
  if (file.group && file.body.size < limit) await run('readwrite', (store) => store.put(file))
}

export async function dropFile(key: string): Promise<void> {
  await run('readwrite', (store) => store.delete(key))
}

/** A file that was kept; undefined once it has arrived, or was taken away. */
export const fileOf = (key: string) => run<KeptFile | undefined>('readonly', (store) => store.get(key))

/** Does something with a file that no other tab does with it at the same time. */
export async function alone<T>(key: string, signal: AbortSignal, act: () => Promise<T>): Promise<T> {
  // Pages that are not served over TLS have no locks.
  if (!navigator.locks) return act()
  return await navigator.locks.request(`aftercare.file.${key}`, { signal }, act)
}

/** The files of a group in the order they were chosen; those of last week are forgotten. */
export async function filesOf(group: string): Promise<KeptFile[]> {
  if (!group) return []
  const all = (await run<KeptFile[]>('readonly', (store) => store.index('group').getAll(group))) ?? []
  const old = all.filter((file) => Date.now() - file.at > days)
  for (const file of old) void dropFile(file.key)
  return all.filter((file) => !old.includes(file)).sort((a, b) => a.at - b.at)
}

/** Forgets the files of a draft: those of its groups, which begin with its name. */
export async function dropFiles(draft: string): Promise<void> {
  const all = (await run<KeptFile[]>('readonly', (store) => store.getAll())) ?? []
  for (const file of all) if (file.group === draft || file.group.startsWith(`${draft}#`)) await dropFile(file.key)
}

export async function dropEveryFile(): Promise<void> {
  await run('readwrite', (store) => store.clear())
}
