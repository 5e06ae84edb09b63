//! The distance from its kink that each row states, against the function itself: along lines from a
//! point the nearest jump of the value or of the slope is found by bisection, and the stated distance
//! is that one, up to a factor, from both sides. The test does not ask the row where to look.

use wengert::Op;

/// What a stated distance may differ by: the rows state it up to a factor, which grows with the
/// quotient where a multiple of the last argument is what counts.
fn factor(x: &[f64]) -> f64 {
    let quotient = (x[0] / x[x.len() - 1]).abs();
    4.0 * if quotient.is_finite() { quotient.max(1.0) } else { 1.0 }
}

/// How exactly a kink is found.
const EXACT: f64 = 1e-5;

/// How far along a line is looked.
const FAR: f64 = 6.0;

/// The value at these arguments, if the row takes them.
fn value(op: Op, x: &[f64]) -> Option<f64> {
    let constants: Vec<Option<f64>> = x.iter().copied().map(Some).collect();
    let takes = op.accepts(&constants).is_ok() && (op.row().domain)(x);
    takes.then(|| op.value(x)).filter(|v| v.is_finite())
}

/// How much value and slope differ between the sides of an interval of a line: a jump or a kink
/// within stays, however short the interval.
fn apart(g: &dyn Fn(f64) -> Option<f64>, [a, b]: [f64; 2]) -> Option<f64> {
    let h = 1e-6;
    let (left, right) = (g(a)?, g(b)?);
    let (before, after) = ((left - g(a - h)?) / h, (g(b + h)? - right) / h);
    Some((right - left).abs().max((after - before).abs()))
}

/// The first kink along a line, up to this far.
fn first_kink(g: &dyn Fn(f64) -> Option<f64>, far: f64) -> Option<f64> {
    const CELLS: usize = 60;
    let is_kink = |apart: f64| apart > 0.005;
    let start = -EXACT / 10.0;
    let at = |k: usize| start + (far - start) * k as f64 / CELLS as f64;
    (0..CELLS).find_map(|k| {
        let mut cell = [at(k), at(k + 1)];
        apart(g, cell).filter(|apart| is_kink(*apart))?;
        while cell[1] - cell[0] > 1e-9 {
            let middle = (cell[0] + cell[1]) / 2.0;
            let halves = [[cell[0], middle], [middle, cell[1]]];
            let [left, right] = halves.map(|half| apart(g, half));
            cell = if left? >= right? { halves[0] } else { halves[1] };
            Some(left?.max(right?)).filter(|apart| is_kink(*apart))?;
        }
        apart(g, cell).filter(|apart| is_kink(*apart)).map(|_| cell[1].max(0.0))
    })
}

/// Directions from a point: along each axis, along the diagonals, and to the origin.
fn directions(x: &[f64]) -> Vec<Vec<f64>> {
    let axis =
        |k: usize, sign: f64| (0..x.len()).map(|j| if j == k { sign } else { 0.0 }).collect();
    let mut all: Vec<Vec<f64>> = (0..x.len()).flat_map(|k| [axis(k, 1.0), axis(k, -1.0)]).collect();
    let length = x.iter().map(|x| x * x).sum::<f64>().sqrt();
    if length > 0.0 {
        all.push(x.iter().map(|x| -x / length).collect());
    }
    let even = 1.0 / (x.len() as f64).sqrt();
    all.push(vec![even; x.len()]);
    all.push((0..x.len()).map(|k| if k % 2 == 0 { even } else { -even }).collect());
    all
}

/// The kink that is nearest along all directions, up to this far.
fn nearest_kink(op: Op, x: &[f64], far: f64) -> Option<f64> {
    let along = |d: Vec<f64>| {
        let g = |s: f64| {
            let moved: Vec<f64> = x.iter().zip(&d).map(|(x, d)| x + s * d).collect();
            value(op, &moved)
        };
        first_kink(&g, far)
    };
    directions(x).into_iter().filter_map(along).reduce(f64::min)
}

/// Numbers that do not depend on any row: of either sign, from 0.8 to 3.
fn numbers(count: usize, seed: u64) -> Vec<f64> {
    let golden = 0.618_033_988_749_894_9;
    let share = |k: usize| ((seed * 7 + 1 + k as u64 * 13) as f64 * golden).fract();
    let number = |k: usize| (0.8 + 2.2 * share(k)) * if share(k + 100) < 0.5 { -1.0 } else { 1.0 };
    (0..count).map(number).collect()
}

/// Points of a row: at random, near the origin, and with special numbers among the arguments.
fn points(op: Op) -> Vec<Vec<f64>> {
    const SPECIAL: [f64; 12] = [0.0, 0.5, -0.5, 1.0, -1.0, 1.5, 2.0, 0.01, 0.49, 0.99, -1.51, 2.98];
    let count = op.arity().unwrap_or(4);
    let mut points: Vec<Vec<f64>> = (0..24).map(|seed| numbers(count, seed)).collect();
    points.extend((24..28).map(|seed| numbers(count, seed).iter().map(|x| x / 10.0).collect()));
    for (j, special) in SPECIAL.into_iter().enumerate() {
        for k in 0..count {
            let mut point = numbers(count, 40 + j as u64);
            point[k] = special;
            points.push(point);
        }
    }
    // Arguments that tie, as all rows that compare have a kink at.
    for k in 1..count {
        let mut point = numbers(count, 60);
        point[k] = point[0];
        points.push(point);
    }
    points.retain(|x| value(op, x).is_some());
    points
}

#[test]
fn every_stated_distance_is_that_of_the_nearest_kink_up_to_a_factor() {
    let rows = Op::ALL.iter().filter_map(|op| Some((*op, op.row().kink?)));
    let (mut tried, mut at_kinks) = (0, 0);
    for (op, (words, distance)) in rows {
        let points = points(op);
        assert!(points.len() > 15, "{op:?}: {} points", points.len());
        for x in points {
            let stated = distance(&x);
            let factor = factor(&x);
            let far = FAR.min(factor * stated + 0.1);
            let found = nearest_kink(op, &x, far);
            let what = format!("{op:?} ({words}) at {x:?}: stated {stated}, found {found:?}");
            assert!(stated >= 0.0, "{what}");
            match found {
                Some(found) => {
                    assert!(found >= stated / factor - EXACT, "the kink is nearer: {what}");
                    assert!(found <= factor * stated + EXACT, "the kink is farther: {what}");
                }
                None => assert!(factor * stated > FAR - 0.1, "there is no kink: {what}"),
            }
            tried += 1;
            at_kinks += usize::from(stated == 0.0);
        }
    }
    assert!(tried > 600 && at_kinks > 30, "{tried} points, {at_kinks} at kinks");
}
