//! The grammar: classes with relations and permissions.

use super::lexer::{Kind, Lexer, Token};
use super::{DEEPEST, OplError};

/// A class of the text.
#[derive(Debug, Default)]
pub(super) struct Namespace {
    pub name: String,
    pub relations: Vec<Relation>,
}

#[derive(Debug, Default)]
pub(super) struct Relation {
    pub name: String,
    /// The namespaces of its subjects. A permission has none.
    pub types: Vec<String>,
}

/// What must be declared somewhere in the text.
#[derive(Debug)]
pub(super) enum Need {
    Namespace(Token),
    /// A relation or permission of a namespace.
    Relation {
        namespace: String,
        relation: Token,
    },
    /// A relation or permission of each namespace whose objects may be subjects of `relation`.
    RelationOfTypes {
        namespace: String,
        relation: Token,
        of_each: String,
    },
}

/// The classes, and what they need.
#[derive(Debug, Default)]
pub(super) struct Document {
    pub namespaces: Vec<Namespace>,
    pub needs: Vec<Need>,
}

type Parsed<T = ()> = Result<T, OplError>;

pub(super) struct Parser<'a> {
    lexer: Lexer<'a>,
    peeked: Option<Token>,
    document: Document,
    current: Namespace,
}

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { lexer: Lexer::new(text), peeked: None, document: Document::default(), current: Namespace::default() }
    }

    /// Reads the whole text. What stands outside classes is passed over, as imports are.
    pub(super) fn parse(mut self) -> Parsed<Document> {
        loop {
            let token = self.next();
            match token.kind {
                Kind::End | Kind::Nothing => return Ok(self.document),
                Kind::Fault => return Err(error(&token, format!("fatal: {}", token.text))),
                _ if token.is("class") => self.class()?,
                _ => {}
            }
        }
    }

    fn next(&mut self) -> Token {
        self.peeked.take().unwrap_or_else(|| self.lexer.next())
    }

    fn peek(&mut self) -> &Token {
        let lexer = &mut self.lexer;
        self.peeked.get_or_insert_with(|| lexer.next())
    }

    fn expect(&mut self, symbols: &[&str]) -> Parsed {
        for symbol in symbols {
            let token = self.next();
            if !token.is(symbol) {
                return Err(error(&token, format!("expected {symbol:?}, got {:?}", token.text)));
            }
        }
        Ok(())
    }

    /// Takes the symbols if the first of them is next.
    fn expect_if(&mut self, symbols: &[&str]) -> Parsed {
        if symbols.first().is_some_and(|first| self.peek().is(first)) { self.expect(symbols) } else { Ok(()) }
    }

    fn name(&mut self) -> Parsed<Token> {
        let token = self.next();
        if token.is_name() {
            Ok(token)
        } else {
            Err(error(&token, format!("expected identifier, got {:?}", token.text)))
        }
    }

    fn class(&mut self) -> Parsed {
        let name = self.name()?.text;
        self.expect(&["implements", "Namespace", "{"])?;
        self.current = Namespace { name, relations: Vec::new() };
        loop {
            let token = self.next();
            match token.text.as_str() {
                "}" => break,
                "related" => self.related()?,
                "permits" => self.permits()?,
                ";" => {}
                other => return Err(error(&token, format!("expected 'permits' or 'related', got {other:?}"))),
            }
        }
        self.document.namespaces.push(std::mem::take(&mut self.current));
        Ok(())
    }

    fn related(&mut self) -> Parsed {
        self.expect(&[":", "{"])?;
        while let Some(name) = self.member()? {
            self.expect(&[":"])?;
            let mut types = Vec::new();
            if self.peek().is("Array") {
                self.expect(&["Array", "<"])?;
                self.types(">", &mut types)?;
            } else if self.peek().is("(") {
                self.expect(&["("])?;
                self.types(")", &mut types)?;
                self.expect(&["[", "]"])?;
            } else {
                self.subject_type(&mut types)?;
                self.expect(&["[", "]"])?;
            }
            self.expect_if(&[","])?;
            self.current.relations.push(Relation { name, types });
        }
        Ok(())
    }

    /// The name of the next member of a block, or `None` at its end.
    fn member(&mut self) -> Parsed<Option<String>> {
        loop {
            let token = self.next();
            return match token.kind {
                Kind::Word | Kind::Text => Ok(Some(token.text)),
                _ if token.is(";") => continue,
                _ if token.is("}") => Ok(None),
                _ => Err(error(&token, format!("expected identifier or '}}', got {:?}", token.text))),
            };
        }
    }

    /// Types between `|`, up to a symbol.
    fn types(&mut self, end: &str, types: &mut Vec<String>) -> Parsed {
        loop {
            self.subject_type(types)?;
            let token = self.next();
            if token.is(end) {
                return Ok(());
            }
            if !token.is("|") {
                return Err(error(&token, format!("expected '|', got {:?}", token.text)));
            }
        }
    }

    /// A namespace, or the subjects that have a relation.
    fn subject_type(&mut self, types: &mut Vec<String>) -> Parsed {
        let token = self.next();
        if token.is("SubjectSet") {
            self.expect(&["<"])?;
            let namespace = self.next();
            self.expect(&[","])?;
            let relation = self.next();
            self.expect(&[">"])?;
            types.push(namespace.text.clone());
            let name = namespace.text.clone();
            self.document.needs.push(Need::Namespace(namespace));
            self.document.needs.push(Need::Relation { namespace: name, relation });
        } else {
            types.push(token.text.clone());
            self.document.needs.push(Need::Namespace(token));
        }
        Ok(())
    }

    fn permits(&mut self) -> Parsed {
        self.expect(&["=", "{"])?;
        while let Some(name) = self.member()? {
            self.expect(&[":", "(", "ctx"])?;
            self.expect_if(&[":", "Context"])?;
            self.expect(&[")"])?;
            self.expect_if(&[":", "boolean"])?;
            self.expect(&["=>"])?;
            self.expression(DEEPEST)?;
            self.expect_if(&[","])?;
            self.current.relations.push(Relation { name, types: Vec::new() });
        }
        Ok(())
    }

    /// Operands between `&&` and `||`.
    fn expression(&mut self, depth: usize) -> Parsed {
        if depth == 0 {
            let why = format!("expression nested too deeply; maximal nesting depth is {DEEPEST}");
            return Err(error(self.peek(), why));
        }
        loop {
            while self.peek().is("!") {
                self.next();
            }
            if self.peek().is("(") {
                self.next();
                self.expression(depth - 1)?;
                self.expect(&[")"])?;
            } else {
                self.operand()?;
            }
            if !self.peek().is("&&") && !self.peek().is("||") {
                return Ok(());
            }
            self.next();
        }
    }

    /// `this.related.x.includes(ctx.subject)`, `this.related.x.traverse(..)` or `this.permits.x(ctx)`.
    fn operand(&mut self) -> Parsed {
        self.expect(&["this", "."])?;
        let verb = self.next();
        let relation = self.property()?;
        let namespace = self.current.name.clone();
        match verb.text.as_str() {
            "related" => {
                self.expect(&["."])?;
                let token = self.next();
                match token.text.as_str() {
                    "includes" => self.expect(&["(", "ctx", ".", "subject", ")"])?,
                    "traverse" => self.traverse(&namespace, &relation)?,
                    other => return Err(error(&token, format!("expected 'traverse' or 'includes', got {other:?}"))),
                }
            }
            "permits" => self.expect(&["(", "ctx", ")"])?,
            other => return Err(error(&verb, format!("expected 'related' or 'permits', got {other:?}"))),
        }
        self.document.needs.push(Need::Relation { namespace, relation });
        Ok(())
    }

    /// `.name` or `["name"]`.
    fn property(&mut self) -> Parsed<Token> {
        if self.peek().is("[") {
            self.next();
            let name = self.name()?;
            self.expect(&["]"])?;
            return Ok(name);
        }
        self.expect(&["."])?;
        self.name()
    }

    /// `(p => p.permits.x(ctx))`: what each object in a relation must allow.
    fn traverse(&mut self, namespace: &str, relation: &Token) -> Parsed {
        self.expect(&["("])?;
        let has_parentheses = self.peek().is("(");
        self.expect_if(&["("])?;
        let object = self.name()?.text;
        if has_parentheses {
            self.expect(&[")"])?;
        }
        self.expect(&["=>", &object, "."])?;
        let verb = self.next();
        let of_each = self.property()?.text;
        match verb.text.as_str() {
            "related" => {
                self.expect(&[".", "includes", "(", "ctx", ".", "subject"])?;
                self.expect_if(&[","])?;
                self.expect(&[")"])?;
                self.expect_if(&[","])?;
                self.expect(&[")"])?;
            }
            "permits" => self.expect(&["(", "ctx", ")", ")"])?,
            other => return Err(error(&verb, format!("expected 'related' or 'permits', got {other:?}"))),
        }
        let (namespace, relation) = (namespace.to_owned(), relation.clone());
        self.document.needs.push(Need::RelationOfTypes { namespace, relation, of_each });
        Ok(())
    }
}

fn error(token: &Token, message: String) -> OplError {
    let place = (token.kind != Kind::Nothing).then_some((token.start, token.end));
    OplError { message, place }
}
