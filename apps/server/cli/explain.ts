import { type AdvisoryLookup, explain } from '@plimsoll/engine'
import { type ExplainAnswer, type ImageReport, type Inventory, platformName } from '@plimsoll/types'
import { explainHelp, readExplainArguments } from './explain-arguments.ts'
import { explainText } from './explain-text.ts'
import { complain, interruptible } from './interruptible.ts'
import { plain, printLine } from './print.ts'
import { feedsAt, type ScanFeeds } from './scan-advisories.ts'
import { scanReference, sentence, today } from './scan-reference.ts'

/**
 * `plimsoll explain`: scans an image and says of one vulnerability why it is, or is not, among its findings.
 * @returns the exit code: 0 when there is an answer for every image, 2 when there is none for one.
 */
export async function explainCommand(args: readonly string[]): Promise<number> {
  const request = readExplainArguments(args)
  if (request.kind === 'help') {
    printLine(explainHelp)
    return 0
  }
  if (request.kind === 'wrong') return complain(`${request.why}. See: npm run -s plimsoll -- explain --help`)

  const { asked, format } = request.arguments
  return interruptible(async signal => {
    const answers: Answered[] = []
    let matched: Matched | null = null
    const feeds = (place: string): ScanFeeds => {
      const own = feedsAt(place, complain, signal, asked)
      return {
        async advisories(inventory) {
          matched = { inventory, advisories: await own.advisories(inventory) }
          return matched.advisories
        },
        threats: cve => own.threats(cve),
      }
    }
    const report = await scanReference(request.arguments, feeds, signal, image => {
      const isJudged = image.coverage.status !== 'not-applicable'
      if (isJudged && matched !== null) answers.push({ image, answer: answerOf(image, matched, asked) })
      matched = null
    })
    if (format === 'json') printLine(JSON.stringify(answers.map(jsonOf), null, 2))
    else
      printLine(
        answers.map(one => explainText(one.answer, headingOf(one.image, answers.length))).join('\n\n'),
      )
    for (const failure of report.failures)
      complain(sentence(failure, answers.length + report.failures.length > 1))
    if (answers.length === 0 && report.failures.length === 0) complain(nothingJudged(report.images))
    return report.failures.length === 0 && answers.length > 0 ? 0 : 2
  })
}

/** What the image that is being scanned was matched with; images are scanned one after the other. */
interface Matched {
  readonly inventory: Inventory
  readonly advisories: AdvisoryLookup
}

function answerOf(image: ImageReport, { inventory, advisories }: Matched, asked: string): ExplainAnswer {
  const { layers, findings } = image
  return explain({ inventory, layers, advisories, findings, asked, today: today() })
}

interface Answered {
  readonly image: ImageReport
  readonly answer: ExplainAnswer
}

const jsonOf = ({ image, answer }: Answered) => ({
  reference: image.reference,
  digest: image.digest,
  platform: image.platform,
  ...answer,
})

const headingOf = ({ platform }: ImageReport, images: number): string | null =>
  images > 1 && platform !== null ? platformName(platform) : null

const nothingJudged = (images: readonly ImageReport[]): string =>
  plain(images[0]?.coverage.reasons[0]?.message ?? 'there is no image')
