import { singleAction } from './action.ts'

/** `plimsoll settings`: those of the whole installation. */
export const settingsCommand = singleAction('settings', {
  about: 'Show the settings of the installation, or change them',
  usage: '',
  flags: { concurrency: { value: 'N', about: 'images that are scanned at a time' } },
  async run({ api, number, list }) {
    const concurrency = number('concurrency')
    if (concurrency !== undefined) await api.settings.set.mutate({ concurrency })
    const settings = await api.settings.get.query()
    list([settings], ['SCANS AT A TIME', 'AT MOST'], one => [one.concurrency, one.concurrencyMax])
  },
})
