//! Published vectors: Wycheproof's for signatures and key sets, and those of the RFCs. Wycheproof's RFC groups are RFC 7520.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::{Value, json};

use super::signature;

/// The vectors that we refuse, although they are good: each by its number, with the reason.
const GOOD_BUT_REFUSED: [(&str, &[u64], &str); 5] = [
    ("wycheproof_jws.json", &[1, 348, 352, 357, 358, 359, 373, 376, 377], "symmetric key"),
    ("wycheproof_jws.json", &[347, 351], "ES512 is not supported"),
    // The key names PS256, and the token PS384.
    ("wycheproof_jws.json", &[346, 350], "not that of its key"),
    // Characters that base64url does not have. RFC 7515, section 2, does not allow them.
    ("wycheproof_jws.json", &[372], "not base64url"),
    ("wycheproof_jwk.json", &[2, 13, 14, 15], "symmetric key"),
];

/// The vectors that we accept, although they are bad.
const BAD_BUT_ACCEPTED: [(&str, u64); 1] = [
    // The key is one of those that a certain chip generated (ROCA). A server's keys come from software.
    ("wycheproof_jwk.json", 7),
];

fn file(name: &str) -> Value {
    let path = format!("{}/tests/data/jose/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// What a reader of this set says about the token, whose payload need not be JSON.
fn verdict(set: &Value, token: &str) -> Result<(), String> {
    signature::check(set.to_string().as_bytes(), token)
}

/// The keys of a group: a whole set, or a single key.
fn keys_of(group: &Value) -> Value {
    let own = if group["public"].is_null() { &group["private"] } else { &group["public"] };
    if own["keys"].is_array() { own.clone() } else { json!({"keys": [own]}) }
}

#[test]
fn wycheproof() {
    let mut counts = BTreeMap::new();
    let mut expected: BTreeSet<(&str, u64)> = BAD_BUT_ACCEPTED.into_iter().collect();
    expected.extend(GOOD_BUT_REFUSED.iter().flat_map(|(name, ids, _)| ids.iter().map(|id| (*name, *id))));
    for name in ["wycheproof_jws.json", "wycheproof_jwk.json"] {
        let vectors = file(name);
        let groups = vectors["testGroups"].as_array().unwrap();
        for (group, test) in
            groups.iter().flat_map(|it| it["tests"].as_array().unwrap().iter().map(move |test| (it, test)))
        {
            let id = test["tcId"].as_u64().unwrap();
            let is_good = test["result"] == "valid";
            let found = verdict(&keys_of(group), test["jws"].as_str().unwrap());
            *counts.entry((name, is_good, found.is_ok())).or_insert(0) += 1;
            if is_good == found.is_ok() {
                continue;
            }
            assert!(expected.remove(&(name, id)), "{name} {id}: {group} {test} {found:?}");
            if let Err(why) = found {
                let (.., reason) =
                    GOOD_BUT_REFUSED.iter().find(|(file, ids, _)| *file == name && ids.contains(&id)).unwrap();
                assert!(why.contains(reason), "{name} {id}: {why}");
            }
        }
    }
    assert!(expected.is_empty(), "no longer exceptions: {expected:?}");
    let of = |key| counts.get(&key).copied().unwrap_or(0);
    let [jws, jwk] = ["wycheproof_jws.json", "wycheproof_jwk.json"];
    assert_eq!(
        [of((jws, true, true)), of((jws, true, false)), of((jws, false, false)), of((jws, false, true))],
        [32, 14, 355, 0]
    );
    assert_eq!(
        [of((jwk, true, true)), of((jwk, true, false)), of((jwk, false, false)), of((jwk, false, true))],
        [1, 4, 20, 1]
    );
}

const CLAIMS: &str = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

#[test]
fn rfc_7515() {
    let rsa = json!({"kty": "RSA", "e": "AQAB", "n": "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPC\
        JrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e\
        -KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk\
        2PAcDTW9gb54h4FRWyuXpoQ"});
    let ec = json!({"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"});
    let keys = json!({"keys": [rsa, ec]});
    // A.2 and A.3. They name no key, so each of them must fit one alone.
    let rs256 = format!(
        "eyJhbGciOiJSUzI1NiJ9.{CLAIMS}.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5j\
         ujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_d\
         O--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe7\
         7Rw"
    );
    let es256 = format!(
        "eyJhbGciOiJFUzI1NiJ9.{CLAIMS}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
    );
    assert_eq!(verdict(&keys, &rs256), Ok(()));
    assert_eq!(verdict(&keys, &es256), Ok(()));
    assert_eq!(verdict(&json!({"keys": [keys["keys"][0]]}), &es256), Err("the key set has no such key".to_owned()));
    let two = json!({"keys": [keys["keys"][0], keys["keys"][1], {"kty": "EC", "crv": "P-256", "kid": "other",
        "x": "ilZS0qzmWiq4CBssVN5BJXdYQ6m_1QorbmZpzSliBOw", "y": "QeDLUUHayA1u96d9r3lT2ZzQilNJVk8vxnMndDMlTvU"}]});
    assert!(verdict(&two, &es256).unwrap_err().contains("`kid`"));
    // A.1 and A.5: with a symmetric key, and without any.
    let hs256 =
        format!("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.{CLAIMS}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    assert!(verdict(&keys, &hs256).unwrap_err().contains("symmetric"));
    assert!(verdict(&keys, &format!("eyJhbGciOiJub25lIn0.{CLAIMS}.")).unwrap_err().contains("not signed"));
}

#[test]
fn rfc_8037() {
    let keys = json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]});
    let token = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4\
        iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    assert_eq!(verdict(&keys, token), Ok(()));
    assert_eq!(verdict(&keys, &token.replace("RXh", "RXg")), Err("the signature is wrong".to_owned()));
}
