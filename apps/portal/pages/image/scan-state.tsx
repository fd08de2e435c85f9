import Button from '@mui/material/Button'
import { styled } from '@mui/material/styles'
import Tooltip from '@mui/material/Tooltip'
import type { ImageDetail } from '@plimsoll/types'
import { useMutation } from '@tanstack/react-query'
import { useLiveScan } from '../../app/live.ts'
import { useMayChange } from '../../app/session.tsx'
import { trpc } from '../../app/trpc.ts'
import { Icon } from '../../ui/icon.tsx'
import { Notice } from '../../ui/notice.tsx'
import { sentenceOf } from '../../ui/query-panel.tsx'
import { ScanStatus, stageText } from '../../ui/scan-status.tsx'
import { VisuallyHidden } from '../../ui/visually-hidden.ts'
import { copy } from './copy.ts'

const Running = styled('div')(({ theme }) => ({
  marginBottom: 12,
  padding: '10px 16px',
  border: `1px solid ${theme.vars.palette.divider}`,
  borderRadius: theme.vars.shape.borderRadius,
  '& > span': { width: '100%', maxWidth: 480 },
}))

/** The scan that goes on, live; or why the newest one failed, beside the last good result. */
export function ScanState({ image }: { image: ImageDetail }) {
  const scan = useLiveScan(image, image.scan)
  const runs = scan?.state === 'queued' || scan?.state === 'running'
  return (
    <>
      {/* The stage alone is announced, not every step of the bar. */}
      <VisuallyHidden role="status">{runs && `Scan: ${stageText[scan.progress.stage]}`}</VisuallyHidden>
      {runs && (
        <Running>
          <ScanStatus scan={scan} />
        </Running>
      )}
      {scan?.state === 'failed' && (
        <div style={{ marginBottom: 12 }}>
          <Notice title={copy.failed} icon="caution" tone="caution">
            <p>
              {scan.error?.message} {scan.error?.hint}
            </p>
            <p>{image.scannedAt === null ? copy.noResult : copy.lastGood}</p>
          </Notice>
        </div>
      )}
    </>
  )
}

/** Requests a scan; readers see that they cannot, and why. */
export function RequestScan({ image }: { image: ImageDetail }) {
  const mayChange = useMayChange()
  const scan = useLiveScan(image, image.scan)
  const { registryId, repository, digest } = image
  const request = useMutation(trpc.scans.request.mutationOptions())
  const runs = scan?.state === 'queued' || scan?.state === 'running'
  const reason = mayChange ? (runs ? copy.scanning : null) : copy.readersCannotScan
  return (
    <Tooltip title={request.isError ? sentenceOf(request.error) : (reason ?? '')}>
      <span>
        <Button
          startIcon={<Icon name="refresh" size={14} />}
          disabled={reason !== null || request.isPending}
          onClick={() => request.mutate({ registryId, repository, digest })}
        >
          {request.isError
            ? 'Could not request, try again'
            : image.deletedAt === null
              ? copy.scanNow
              : copy.lookForIt}
        </Button>
      </span>
    </Tooltip>
  )
}
