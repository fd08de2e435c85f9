import type { ScanState } from '@plimsoll/types'

export const stateText: Readonly<Record<ScanState, string>> = {
  queued: 'Queued',
  running: 'Running',
  done: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
}

export const copy = {
  title: 'Scans',
  idle: 'Idle: nothing is waiting.',
  none: 'Nothing has been scanned yet',
  noneText: 'A scan starts by itself when an image is pushed or a registry is connected.',
  noneInScope: 'Nothing in it has been scanned yet.',
  noMatch: 'No scan matches these filters',
  isRunning: 'running',
  isWaiting: 'waiting',
  retryAll: 'Retry all failed',
  retryAllText: 'Asks for a scan of each image whose newest scan failed',
  retryAllIn: (name: string) => `Asks for a scan of each image in ${name} whose newest scan failed`,
  nothingToRetry: 'No scan was asked for: what failed was scanned since, waits already, or its plan is off.',
  cancelAll: 'Cancel all waiting',
  cancelAllAsk: 'Cancel all scans that wait?',
  cancelAllText:
    'Those that run go on. Images keep their last result; one that has none stays “not scanned yet” until it is pushed again or asked for.',
  keep: 'Let them wait',
  refused: 'They were not cancelled',
}
