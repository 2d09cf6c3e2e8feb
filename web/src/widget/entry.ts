import { start, type Look } from './widget'

declare const AFTERCARE_LOOK: Look
declare global {
  interface Window {
    Aftercare?: ReturnType<typeof start>
  }
}

const script = (document.currentScript ?? document.querySelector('script[src*="/widget.js"]')) as HTMLScriptElement
if (script && !window.Aftercare) window.Aftercare = start(AFTERCARE_LOOK, script)
