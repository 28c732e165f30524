//! The little of DER that is needed to take an RSA key apart.

const INTEGER: u8 = 0x02;
const OCTETS: u8 = 0x04;
const SEQUENCE: u8 = 0x30;

/// The integers n, e, d, p, q, dp, dq and qi of an RSA private key in PKCS #8 (RFC 5208, RFC 8017).
pub(super) fn rsa_integers(pkcs8: &[u8]) -> Option<Vec<&[u8]>> {
    let mut der = pkcs8;
    let mut info = take(&mut der, SEQUENCE)?;
    take(&mut info, INTEGER)?;
    take(&mut info, SEQUENCE)?;
    let mut octets = take(&mut info, OCTETS)?;
    let mut key = take(&mut octets, SEQUENCE)?;
    take(&mut key, INTEGER)?;
    // A leading zero only says that the number is positive.
    let integer = || take(&mut key, INTEGER).map(|number| number.strip_prefix(&[0]).unwrap_or(number));
    let integers: Vec<&[u8]> = std::iter::from_fn(integer).collect();
    (integers.len() == 8).then_some(integers)
}

/// The content of the next value, if it has this tag.
fn take<'a>(der: &mut &'a [u8], tag: u8) -> Option<&'a [u8]> {
    let (found, rest) = der.split_first()?;
    let (length, rest) = rest.split_first()?;
    let (length, rest) = if *length < 0x80 {
        (usize::from(*length), rest)
    } else {
        let (bytes, rest) = rest.split_at_checked(usize::from(*length & 0x7f))?;
        let length = bytes.iter().try_fold(0_u32, |sum, byte| Some(sum.checked_mul(256)? + u32::from(*byte)))?;
        (usize::try_from(length).ok()?, rest)
    };
    let (content, rest) = rest.split_at_checked(length)?;
    *der = rest;
    (*found == tag).then_some(content)
}
