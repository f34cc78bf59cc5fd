import { QuestionMarkCircledIcon } from '@radix-ui/react-icons';
import { Empty } from '../common/empty.tsx';
import { useMessages } from '../i18n/language.tsx';
import { shellMessages } from './messages.ts';

export function NotFound() {
  const t = useMessages(shellMessages);
  return <Empty icon={<QuestionMarkCircledIcon width={26} height={26} />} title={t('absent')} text={t('absentText')} />;
}
