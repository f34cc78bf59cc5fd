/** @file The work of one reviewer on a queue: where they are, what they have said, and how it is taken back. */
import { useState } from 'react';
import { useCorrect, useUndo } from '../../api/products.ts';
import { useConfirm, type ReviewItem } from '../../api/review.ts';
import { useTaxonomy } from '../../api/taxonomy.ts';
import { useTell } from '../../common/tell.tsx';
import { useMessages } from '../../i18n/language.tsx';
import { messages } from './messages.ts';

export type Labels = Readonly<Record<string, string>>;

export interface Session {
  /** Place in the queue; its length when everything has been seen. */
  readonly at: number;
  readonly go: (at: number) => void;
  /** Labels as they stand now, by product; only of those that were judged here. */
  readonly judged: ReadonlyMap<number, Labels>;
  readonly choose: (item: ReviewItem, attribute: string, code: string) => void;
  readonly confirm: (item: ReviewItem) => void;
  /** Products that were corrected together, elsewhere. */
  readonly mark: (items: readonly ReviewItem[], labels: Labels) => void;
  readonly undo: () => void;
  /** What was done last, for screen readers. */
  readonly said: string;
}

/** One answer; what stood before comes back when it is taken back. */
interface Step {
  readonly id: number;
  readonly at: number;
  readonly before: Labels | undefined;
}

export function useSession(): Session {
  const t = useMessages(messages);
  const tell = useTell();
  const { title, label } = useTaxonomy();
  const [at, go] = useState(0);
  const [judged, setJudged] = useState<ReadonlyMap<number, Labels>>(new Map());
  const [steps, setSteps] = useState<readonly Step[]>([]);
  const [said, setSaid] = useState('');
  const [correct, confirm, undo] = [useCorrect(), useConfirm(), useUndo()];

  const judge = (item: ReviewItem, labels: Labels, what: string): void => {
    setSteps((all) => [...all, { id: item.product.id, at, before: judged.get(item.product.id) }]);
    setJudged((all) => new Map(all).set(item.product.id, labels));
    setSaid(what);
  };
  return {
    ...{ at, go, judged, said },
    choose: (item, attribute, code) => {
      const labels = { ...(judged.get(item.product.id) ?? item.product.labels), [attribute]: code };
      const onSuccess = (): void =>
        judge(item, labels, t('saved', { attribute: title(attribute), value: label(attribute, code) }));
      correct.mutate({ id: item.product.id, attributes: { [attribute]: code } }, { onSuccess, onError: tell.failed });
    },
    confirm: (item) => {
      // What was corrected is confirmed by that.
      if (judged.has(item.product.id)) return;
      const onSuccess = (): void => judge(item, item.product.labels, t('confirmed'));
      confirm.mutate(item.product.id, { onSuccess, onError: tell.failed });
    },
    mark: (items, labels) =>
      setJudged(
        (all) =>
          new Map([...all, ...items.map((item) => [item.product.id, { ...item.product.labels, ...labels }] as const)]),
      ),
    undo: () => {
      const last = steps.at(-1);
      if (last === undefined) return setSaid(t('nothing'));
      const onSuccess = (): void => {
        setSteps((all) => all.slice(0, -1));
        setJudged((all) => {
          const next = new Map(all);
          if (last.before === undefined) next.delete(last.id);
          else next.set(last.id, last.before);
          return next;
        });
        go(last.at);
        setSaid(t('undone'));
      };
      undo.mutate(last.id, { onSuccess, onError: tell.failed });
    },
  };
}
