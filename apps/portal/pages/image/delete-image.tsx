import { styled } from '@mui/material/styles'
import type { DeletionPreview, ImageDetail } from '@plimsoll/types'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useSay } from '../../app/announcement.tsx'
import { paths } from '../../app/paths.ts'
import { queryClient, trpc } from '../../app/trpc.ts'
import { shortDigest } from '../../lib/digest.ts'
import { imageName } from '../../lib/names.ts'
import { count, counted } from '../../lib/quantity.ts'
import { Code } from '../../ui/code.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { FactList } from '../../ui/facts.tsx'
import { NavLink } from '../../ui/nav-link.tsx'
import { Notice } from '../../ui/notice.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { BlockSkeleton } from '../../ui/skeleton.tsx'
import { When } from '../../ui/when.tsx'
import { copy } from './copy.ts'

const Stack = styled('div')({ display: 'flex', flexDirection: 'column', gap: 12, '& dl': { margin: 0 } })

interface DeleteImageProps {
  readonly image: ImageDetail
  readonly onClose: () => void
}

/**
 * Deletes an image in its registry, after saying what else points at it and who uses it. It goes by a tag that goes with
 * it: those of its indexes lead to it as well, and stay.
 */
export function DeleteImage({ image, onClose }: DeleteImageProps) {
  const { registryId, repository, digest } = image
  const occurrence = { registryId, repository, digest }
  const say = useSay()
  const preview = useQuery({ ...trpc.images.deletion.queryOptions(occurrence), staleTime: 0 })
  const remove = useMutation(
    trpc.images.delete.mutationOptions({
      onSuccess: () => {
        onClose()
        say(copy.removed)
        return queryClient.invalidateQueries()
      },
    }),
  )
  return (
    <ConfirmDialog
      open
      title={copy.removeAsk}
      confirm={copy.remove}
      cancel={copy.keepIt}
      pending={remove.isPending}
      disabled={preview.data === undefined || preview.data.refusal !== null}
      error={remove.error}
      refused={copy.refusedRemoval}
      onConfirm={() => remove.mutate(occurrence)}
      onClose={onClose}
    >
      <p>
        <b style={{ fontWeight: 550 }}>{imageName({ repository, digest, tags: preview.data?.tags ?? [] })}</b>{' '}
        in {image.registryName}. {copy.removeText}
      </p>
      <QueryPanel query={preview} what="what goes with it" skeleton={<BlockSkeleton height={160} />}>
        {data => <Preview preview={data} />}
      </QueryPanel>
    </ConfirmDialog>
  )
}

function Preview({ preview }: { preview: DeletionPreview }) {
  const { refusal, tags, indexes, elsewhere, runningIn, lastPulledAt, openFindings } = preview
  return (
    <Stack>
      {refusal !== null && (
        <Notice title="It cannot be deleted" icon="caution" role="alert">
          <p>{refusal}</p>
        </Notice>
      )}
      {runningIn.length > 0 && (
        <Notice title={`It runs in ${runningIn.join(', ')}`} icon="caution" tone="caution">
          <p>Pods that run go on, but none can be started anew where the image has to be pulled.</p>
        </Notice>
      )}
      <FactList
        facts={[
          { label: 'Tags that go', value: tags.length === 0 ? 'None' : <Code>{tags.join(', ')}</Code> },
          {
            label: 'Indexes that name it',
            value: indexes.length === 0 ? 'None' : <Indexes indexes={indexes} />,
          },
          {
            label: 'Stays in',
            value: elsewhere.length > 0 && <Elsewhere elsewhere={elsewhere} />,
          },
          { label: 'Last pulled', value: <When at={lastPulledAt} never="Not known" /> },
          {
            label: 'Findings that close',
            value: openFindings === 0 ? 'None' : count(openFindings),
          },
        ]}
      />
    </Stack>
  )
}

const shownLinks = 5

const Indexes = ({ indexes }: Pick<DeletionPreview, 'indexes'>) => (
  <>
    {indexes.map(index => (
      <div key={index.digest}>
        <Code>{index.tags.length > 0 ? index.tags.join(', ') : shortDigest(index.digest)}</Code> would point
        at nothing for this platform
      </div>
    ))}
  </>
)

const Elsewhere = ({ elsewhere }: Pick<DeletionPreview, 'elsewhere'>) => (
  <>
    {elsewhere.slice(0, shownLinks).map(image => (
      <div key={`${image.registryId} ${image.repository}`}>
        <NavLink to={paths.image(image)}>
          {image.registryName}/{image.repository}
        </NavLink>
      </div>
    ))}
    {elsewhere.length > shownLinks && <div>and {counted(elsewhere.length - shownLinks, 'more place')}</div>}
  </>
)
