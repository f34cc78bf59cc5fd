/** @file Products that a person should look at. */
import { Button, Center, Group, Loader, Progress, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { CheckCircledIcon, PersonIcon } from '@radix-ui/react-icons';
import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import { orders, useReviewQueue, type Order } from '../../api/review.ts';
import { useSession as useSignedIn } from '../../api/session.ts';
import { reviewer, setReviewer } from '../../api/reviewer.ts';
import { Empty } from '../../common/empty.tsx';
import { Failure } from '../../common/failure.tsx';
import { PageTitle } from '../../common/page-title.tsx';
import { useMessages } from '../../i18n/language.tsx';
import { AgreementTable } from './agreement.tsx';
import { messages } from './messages.ts';
import { ReviewGrid } from './review-grid.tsx';
import { useSession } from './session.ts';
import { Single } from './single.tsx';

/** Loaded ahead of whoever works fast. */
const AHEAD = 10;

export function Review() {
  const t = useMessages(messages);
  const [by, setBy] = useState<Order>('doubt');
  const [view, setView] = useState<'single' | 'grid'>('single');
  const [who, setWho] = useState(reviewer);
  // Whoever has signed in has a name.
  const login = useSignedIn().data?.login;
  return (
    <>
      <PageTitle title={t('title')} text={t('text')} />
      <Stack gap="lg">
        <Group gap="md">
          <SegmentedControl
            aria-label={t('order')}
            value={by}
            onChange={(value) => setBy(orders.find((one) => one === value) ?? 'doubt')}
            data={orders.map((value) => ({ value, label: t(value) }))}
          />
          <SegmentedControl
            aria-label={t('view')}
            value={view}
            onChange={(value) => setView(value === 'grid' ? 'grid' : 'single')}
            data={(['single', 'grid'] as const).map((value) => ({ value, label: t(value) }))}
          />
          {login !== true && (
            <TextInput
              aria-label={`${t('who')}: ${t('whoHint')}`}
              placeholder={t('who')}
              leftSection={<PersonIcon />}
              defaultValue={reviewer()}
              onBlur={({ currentTarget }) => {
                setReviewer(currentTarget.value);
                setWho(reviewer());
              }}
            />
          )}
        </Group>
        <Queue key={`${by} ${who}`} by={by} who={who} view={view} />
        <AgreementTable />
      </Stack>
    </>
  );
}

interface QueueProps {
  readonly by: Order;
  readonly who: string;
  readonly view: 'single' | 'grid';
}

function Queue({ by, who, view }: QueueProps) {
  const t = useMessages(messages);
  const queue = useReviewQueue(by, who);
  const session = useSession();
  const items = (queue.data?.pages ?? []).flatMap((page) => page.items);
  const more = queue.hasNextPage ? () => void queue.fetchNextPage() : undefined;
  const wanted = more !== undefined && !queue.isFetching && session.at + AHEAD >= items.length;
  useEffect(() => {
    if (wanted) more?.();
  });
  if (queue.error !== null) return <Failure error={queue.error} />;
  const progress = queue.data?.pages[0]?.progress;
  if (progress === undefined) {
    return (
      <Center mih={240}>
        <Loader aria-label={t('title')} />
      </Center>
    );
  }
  if (items.length === 0) return <NothingToReview />;
  const reviewed = progress.reviewed + session.judged.size;
  const waiting = Math.max(0, progress.waiting - session.judged.size);
  const item = items[session.at];
  return (
    <Stack>
      <div>
        <Text size="sm" mb={4} role="status" data-testid="progress">
          {t('progress', { reviewed, waiting })}
        </Text>
        <Progress
          value={(100 * reviewed) / Math.max(1, reviewed + waiting)}
          aria-label={t('progress', { reviewed, waiting })}
        />
      </div>
      {view === 'grid' && <ReviewGrid items={items} session={session} onMore={more} />}
      {view === 'single' && item !== undefined && (
        <Single key={item.product.id} items={items} item={item} session={session} />
      )}
      {view === 'single' && item === undefined && <AllSeen onBack={() => session.go(items.length - 1)} />}
    </Stack>
  );
}

function NothingToReview() {
  const t = useMessages(messages);
  return (
    <Empty icon={<CheckCircledIcon width={26} height={26} />} title={t('emptyTitle')} text={t('emptyText')}>
      <Button component={Link} href="/transfer">
        {t('toImport')}
      </Button>
    </Empty>
  );
}

function AllSeen({ onBack }: { readonly onBack: () => void }) {
  const t = useMessages(messages);
  return (
    <Empty icon={<CheckCircledIcon width={26} height={26} />} title={t('endTitle')} text={t('endText')}>
      <Group>
        <Button component={Link} href="/train">
          {t('toTrain')}
        </Button>
        <Button variant="default" onClick={onBack}>
          {t('previous')}
        </Button>
      </Group>
    </Empty>
  );
}
