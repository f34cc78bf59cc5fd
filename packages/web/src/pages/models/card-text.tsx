/** @file The card of a model, as the tool that trained it has written it. */
import { Loader, Typography } from '@mantine/core';
import Markdown from 'markdown-to-jsx';
import { useModelCard } from '../../api/models.ts';
import { Failure } from '../../common/failure.tsx';
import { useMessages } from '../../i18n/language.tsx';
import { messages } from './messages.ts';

/** Names of classes and files are somebody else's words: nothing in them becomes HTML. */
const options = { disableParsingRawHTML: true, forceBlock: true };

export function CardText({ id }: { readonly id: string }) {
  const t = useMessages(messages);
  const { data, error } = useModelCard(id);
  if (error !== null) return <Failure error={error} />;
  if (data === undefined) return <Loader size="sm" aria-label={t('card')} />;
  return (
    <Typography p="md" className="model-card">
      <Markdown options={options}>{data}</Markdown>
    </Typography>
  );
}
