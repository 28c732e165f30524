//! QR codes.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use qrcodegen::{QrCode, QrCodeEcc};

/// The margin that a reader needs, in modules.
const MARGIN: i32 = 4;

/// An SVG image with the QR code of a text, as a `data:` URL. Text that is too long for one gives an empty image.
pub(super) fn data_url(text: &str) -> String {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok();
    let size = code.as_ref().map_or(0, QrCode::size);
    let mut modules = String::new();
    for (x, y) in (0..size).flat_map(|y| (0..size).map(move |x| (x, y))) {
        if code.as_ref().is_some_and(|code| code.get_module(x, y)) {
            let _ = write!(modules, "M{},{}h1v1h-1z", x + MARGIN, y + MARGIN);
        }
    }
    let whole = size + 2 * MARGIN;
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {whole} {whole}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0,0h{whole}v{whole}h-{whole}z\"/><path d=\"{modules}\"/></svg>"
    );
    format!("data:image/svg+xml;base64,{}", STANDARD.encode(svg))
}
