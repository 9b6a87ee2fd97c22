// The words of the public check, a pack of its own.
const check = {
  check: {
    title: 'Periksa keaslian surat',
    lead: 'Pindai kode QR pada surat, atau ketik kode dan kuncinya.',
    result: 'Hasil pemeriksaan',
    valid: 'Surat asli dan berlaku',
    revoked: 'Surat asli, tetapi sudah dicabut',
    kind: 'Jenis',
    number: 'Nomor',
    date: 'Tanggal',
    office: 'Diterbitkan oleh',
    initials: 'Inisial',
    compare: 'Cocokkan dengan surat yang Anda pegang.',
    code: 'Kode',
    secret: 'Kunci',
    submit: 'Periksa',
    busy: 'Memeriksa…',
    privacy:
      'Halaman ini tidak menampilkan data pribadi selain inisial. Kode dan kunci tidak masuk ke alamat yang dikirim ke server.',
    refused: {
      not_found: 'Tidak ditemukan',
      throttled: 'Terlalu banyak percobaan',
      failed: 'Belum dapat diperiksa',
    },
    refused_why: {
      not_found:
        'Kode dan kunci ini bukan milik surat yang kami terbitkan. Periksa kembali ketikannya.',
      throttled: 'Coba lagi beberapa menit lagi.',
      failed: 'Layanan tidak terjangkau. Coba lagi sebentar.',
    },
  },
} as const;

export default check;
