import { FindingList } from '../../finding/finding-list.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page.tsx'

export function FindingsPage() {
  return (
    <>
      <PageHeader title="Findings" />
      <FindingList
        whenNone={
          <Notice title="No open finding" icon="check">
            <p>
              No known vulnerability was found in the images that were scanned. What could not be read or
              judged is named on each image's page.
            </p>
          </Notice>
        }
      />
    </>
  )
}
