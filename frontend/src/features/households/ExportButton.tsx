// The list as a file: written by the service in the background, watermarked and logged, then fetched.
import { Button, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call, download, get, newKey } from '~/api/http';
import type { Export } from '~/api/types';
import { problemTitle } from '~/ui/problem-text';
import { toast } from '~/ui/toast';

const formats = ['xlsx', 'csv', 'ndjson'] as const;

export function ExportButton({ filter }: { filter: Record<string, unknown> }) {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState<Export | null>(null);
  const saved = useRef('');
  const query = useQuery({
    queryKey: ['exports', wanted?.id],
    queryFn: () => get<Export>(`/exports/${wanted?.id}`),
    enabled: wanted !== null,
    refetchInterval: 1000,
  });
  const status = query.data?.status;

  useEffect(() => {
    if (!wanted || !status || status === 'queued' || status === 'running') return;
    if (saved.current === wanted.id) return;
    saved.current = wanted.id;
    setWanted(null);
    if (status !== 'succeeded') {
      toast(t('households.export_failed'));
      return;
    }
    download(`/exports/${wanted.id}/file`, {}, `keluarga.${wanted.format}`)
      .then(() => toast(t('households.export_done')))
      .catch((error: unknown) => toast(problemTitle(error)));
  }, [wanted, status, t]);

  async function ask(format: (typeof formats)[number]) {
    try {
      const body = { resource: 'households', format, filter };
      const { data } = await call<Export>('/exports', { method: 'POST', body, key: newKey() });
      setWanted(data);
    } catch (error) {
      toast(problemTitle(error));
    }
  }

  return (
    <Menu position="bottom-end" width={280}>
      <Menu.Target>
        <Button
          variant="subtle"
          loading={wanted !== null}
          leftSection={<IconDownload size={18} aria-hidden="true" />}
        >
          {t('list.export')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('households.export_lead')}</Menu.Label>
        {formats.map((format) => (
          <Menu.Item key={format} onClick={() => void ask(format)}>
            {format.toUpperCase()}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
