import wasm from 'zxing-wasm/reader/zxing_reader.wasm?url'

/** What labels, articles and their boxes carry. */
const formats = [
  'code_128',
  'code_39',
  'code_93',
  'codabar',
  'ean_13',
  'ean_8',
  'itf',
  'upc_a',
  'upc_e',
  'qr_code',
  'data_matrix',
] as const

interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string; format: string }[]>
}
type Native = (new (options: { formats: string[] }) => Detector) & { getSupportedFormats(): Promise<string[]> }

/** The reader of the browser where it has one that knows the codes of labels; else our own, which comes from this server. */
export async function detector(): Promise<Detector> {
  const native = (globalThis as { BarcodeDetector?: Native }).BarcodeDetector
  const known = await native?.getSupportedFormats().catch(() => [] as string[])
  if (native && known?.includes('code_128'))
    return new native({ formats: formats.filter((one) => known.includes(one)) })
  const { BarcodeDetector, prepareZXingModule } = await import('barcode-detector/ponyfill')
  prepareZXingModule({
    overrides: { locateFile: (path: string, prefix: string) => (path.endsWith('.wasm') ? wasm : prefix + path) },
  })
  return new BarcodeDetector({ formats: [...formats] })
}
