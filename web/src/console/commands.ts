import { onScopeDispose, shallowReactive } from 'vue'

/** Something the page that is open can do, for the palette. */
export interface Command {
  key: string
  label: string
  hint: string
  /** Other words people look for it by, also in pinyin. */
  words?: string
  run: () => void
}
const sources = shallowReactive<(() => Command[])[]>([])

/** Adds commands to the palette for as long as the component lives. */
export function useCommands(source: () => Command[]): void {
  sources.push(source)
  onScopeDispose(() => sources.splice(sources.indexOf(source), 1))
}
/** What can be done here, the innermost page first. */
export const commandsHere = (): Command[] => sources.toReversed().flatMap((source) => source())
