//! Cholesky factors of small and middling dense matrices, lower triangle, row by row.

/// Sum of products; eight sums at once so that it runs in vector registers, always in the same order.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0_f64; 8];
    let (a8, a_rest) = a.as_chunks::<8>();
    let (b8, b_rest) = b.as_chunks::<8>();
    for (x, y) in a8.iter().zip(b8) {
        for i in 0..8 {
            sums[i] += x[i] * y[i];
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(x, y)| x * y).sum();
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + ((sums[4] + sums[5]) + (sums[6] + sums[7])) + rest
}

/// Replaces the lower triangle of the `n × n` matrix by its factor. A pivot that vanishes is made so large that its
/// unknown becomes zero.
pub(crate) fn factor(matrix: &mut [f64], n: usize) {
    for row in 0..n {
        let (above, this) = matrix.split_at_mut(row * n);
        let this = &mut this[..=row];
        let scale = this[row].abs();
        for column in 0..row {
            let other = &above[column * n..column * n + column + 1];
            this[column] = (this[column] - dot(&this[..column], &other[..column])) / other[column];
        }
        let pivot = this[row] - dot(&this[..row], &this[..row]);
        this[row] = if pivot > scale * 1e-13 { pivot.sqrt() } else { 1e64 };
    }
}

/// Solves `L x = b` in place.
pub(crate) fn forward(factor: &[f64], n: usize, b: &mut [f64]) {
    for row in 0..n {
        let line = &factor[row * n..row * n + row + 1];
        b[row] = (b[row] - dot(&line[..row], &b[..row])) / line[row];
    }
}

/// Solves `Lᵀ x = b` in place.
pub(crate) fn backward(factor: &[f64], n: usize, b: &mut [f64]) {
    for row in (0..n).rev() {
        let line = &factor[row * n..row * n + row + 1];
        b[row] /= line[row];
        let value = b[row];
        for (x, l) in b[..row].iter_mut().zip(line) {
            *x -= l * value;
        }
    }
}

/// Solves `L Lᵀ x = b` in place.
pub(crate) fn solve(factor: &[f64], n: usize, b: &mut [f64]) {
    forward(factor, n, b);
    backward(factor, n, b);
}
