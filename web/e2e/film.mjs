// A film as a phone makes one, for walks that send some.
import { writeFileSync } from 'node:fs'

/** Has the browser record a second of film. */
export async function film(page, path) {
  const bytes = await page.evaluate(async () => {
    const canvas = Object.assign(window.document.createElement('canvas'), { width: 640, height: 360 })
    const pen = canvas.getContext('2d')
    const stream = canvas.captureStream(30)
    const recorder = new MediaRecorder(stream, { mimeType: 'video/webm', videoBitsPerSecond: 8_000_000 })
    const parts = []
    recorder.ondataavailable = (event) => parts.push(event.data)
    const ended = new Promise((done) => (recorder.onstop = done))
    recorder.start(200)
    for (let i = 0; i < 45; i++) {
      pen.fillStyle = `hsl(${i * 8} 70% 50%)`
      pen.fillRect(0, 0, 640, 360)
      for (let k = 0; k < 400; k++) {
        pen.fillStyle = `rgb(${(k * i) % 255} ${(k * 7) % 255} ${(i * 5) % 255})`
        pen.fillRect((k * 37 + i * 11) % 640, (k * 53 + i * 7) % 360, 14, 14)
      }
      await new Promise((done) => setTimeout(done, 33))
    }
    recorder.stop()
    await ended
    return [...new Uint8Array(await new Blob(parts).arrayBuffer())]
  })
  writeFileSync(path, Uint8Array.from(bytes))
  return bytes.length
}
