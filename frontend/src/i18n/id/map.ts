const map = {
  map: {
    point: 'Tunjuk atau ketuk satu wilayah untuk membaca angkanya.',
    nothing: 'tidak ada data',
    few: 'terlalu sedikit untuk disebut',
    less: 'berkurang',
    same: 'sama',
    more: 'bertambah',
    honest:
      'Tiap bidang digambar di sekitar titik pusat kelurahannya; bukan batas resmi. Angka yang sama ada di daftar.',
  },
};

export default map;
