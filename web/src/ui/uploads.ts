import { computed, nextTick, onMounted, onScopeDispose, shallowReactive, watch, type Ref } from 'vue'
import type { EvidenceKind, Photo } from '@/api/types'
import { t } from '@/i18n'
import { problemText } from '@/i18n/problem'
import { alone, dropFile, fileOf, filesOf, keepFile } from '@/lib/files'
import { uuid } from '@/lib/intent'
import { kindOf, refusal } from '@/lib/media-file'
import { deliver, later, shrink } from '@/lib/photo'
import { Problem } from '@/lib/problem'
import { announce } from '@/lib/toast'

export interface Tile {
  key: string
  url: string
  kind: EvidenceKind
  body?: Blob
  name?: string
  /** Where the upload goes on. */
  from?: string | undefined
  /** It was found in this browser: another tab may be sending it. */
  kept?: boolean
  progress: number
  waiting?: boolean
  photo?: Photo
  problem?: Problem
  stop?: AbortController
}

interface Wish {
  url: string
  kinds: EvidenceKind[]
  /** What the files are chosen for; with it they are kept in this browser until they have arrived. */
  group: string
  max: () => number
}

/**
 * Files on their way to the server, and those that have arrived. Uploads start at
 * once, go on where the connection was lost, and after a reload.
 */
export function useUploads(photos: Ref<Photo[]>, sending: Ref<number>, failed: Ref<number>, wish: Wish) {
  const tiles = shallowReactive<Tile[]>([])
  watch(
    photos,
    (now) => {
      for (const photo of now) {
        if (tiles.some((tile) => tile.photo?.id === photo.id)) continue
        tiles.push({ key: photo.id, url: photo.url, kind: photo.kind ?? 'photo', progress: 1, photo })
      }
      // Taken away in another tab.
      const gone = tiles.filter(({ photo }) => photo && !now.some((one) => one.id === photo.id))
      for (const tile of gone) tiles.splice(tiles.indexOf(tile), 1)
    },
    { immediate: true },
  )
  const failures = computed(() => [
    ...new Set(tiles.flatMap((tile) => (tile.problem ? [problemText(tile.problem)] : []))),
  ])
  const room = computed(() => wish.max() - tiles.length)
  function change(key: string, changes: Partial<Tile>): void {
    const index = tiles.findIndex((tile) => tile.key === key)
    if (index >= 0) tiles[index] = { ...tiles[index]!, ...changes }
    count()
  }

  function count(): void {
    sending.value = tiles.filter((tile) => !tile.photo && !tile.problem).length
    failed.value = tiles.filter((tile) => tile.problem).length
  }

  function forget(key: string): void {
    const index = tiles.findIndex((tile) => tile.key === key)
    if (index >= 0) tiles.splice(index, 1)
    count()
  }

  async function send(tile: Tile): Promise<void> {
    const stop = new AbortController()
    change(tile.key, { problem: undefined, progress: 0, waiting: false, stop })
    try {
      const options = {
        key: tile.key,
        url: wish.url,
        signal: stop.signal,
        from: tile.from,
        progress: (part: number) => change(tile.key, { progress: part }),
        waiting: (now: boolean) => change(tile.key, { waiting: now }),
        begun: (upload: string) => {
          change(tile.key, { from: upload })
          void keepFile({
            key: tile.key,
            group: wish.group,
            body: tile.body!,
            name: tile.name ?? '',
            upload,
            at: Date.now(),
          })
        },
      }
      // Nobody else sends it until the draft has what it became.
      await alone(tile.key, stop.signal, async () => {
        const now = tile.kept ? await fileOf(tile.key) : undefined
        const photo = tile.kept
          ? now && (await deliver(now.body, { ...options, from: now.upload }))
          : await deliver(tile.body!, options)
        if (stop.signal.aborted) return // what has arrived is found again by its key
        // Another tab has sent it: the draft tells.
        if (!photo || tiles.some((one) => one.key !== tile.key && one.photo?.id === photo.id)) forget(tile.key)
        else {
          change(tile.key, { photo, kind: photo.kind ?? tile.kind, progress: 1, waiting: false })
          photos.value = [...photos.value.filter((other) => other.id !== photo.id), photo]
          announce(t('photo.added'))
          await nextTick() // the draft has it
        }
        await dropFile(tile.key)
      })
    } catch (error) {
      if (stop.signal.aborted) return
      const problem = Problem.of(error)
      change(tile.key, { problem, waiting: false })
      announce(problemText(problem))
    }
  }

  async function take(file: Blob, name: string): Promise<void> {
    const key = uuid()
    tiles.push({ key, url: URL.createObjectURL(file), kind: kindOf(file), name, progress: 0 })
    count()
    const problem = await refusal(file, wish.kinds)
    if (problem) {
      change(key, { problem })
      return announce(problemText(problem))
    }
    const body = await shrink(file)
    change(key, { body })
    await keepFile({ key, group: wish.group, body, name, at: Date.now() })
    const tile = tiles.find((one) => one.key === key)
    if (tile) void send(tile)
    else void dropFile(key)
  }

  async function add(event: Event): Promise<void> {
    const field = event.target as HTMLInputElement
    const files = [...(field.files ?? [])].slice(0, room.value)
    field.value = ''
    for (const file of files) await take(file, file.name)
  }

  /** What was chosen before a reload goes on by itself. */
  onMounted(async () => {
    for (const { key, body, name, upload } of await filesOf(wish.group)) {
      if (!room.value || tiles.some((tile) => tile.key === key)) continue
      const tile: Tile = {
        key,
        url: URL.createObjectURL(body),
        kind: kindOf(body),
        body,
        name,
        from: upload,
        kept: true,
        progress: 0,
      }
      tiles.push(tile)
      void send(tile)
    }
  })

  function remove(tile: Tile): void {
    tile.stop?.abort()
    tiles.splice(tiles.indexOf(tile), 1)
    void dropFile(tile.key)
    if (tile.url.startsWith('blob:')) URL.revokeObjectURL(tile.url)
    if (tile.photo) photos.value = photos.value.filter((photo) => photo.id !== tile.photo?.id)
    count()
  }
  onScopeDispose(() => {
    sending.value = failed.value = 0
    for (const tile of tiles) {
      tile.stop?.abort(later)
      if (tile.url.startsWith('blob:')) URL.revokeObjectURL(tile.url)
    }
  })

  return { tiles, failures, room, send, add, remove }
}
