package dev.orderflow.localcloud.stepfunctions;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;

/// Finds names that an expression reads from a context item at its top level. Step Functions has no
/// context item there (everything comes from `$states` or a variable), so AWS rejects `name`, `$`
/// and `$$` at the top level.
///
/// Scans the tokens of a valid expression. Where the context is uncertain (transforms, wildcards,
/// function bodies) it reports nothing, because rejecting a definition that AWS runs would be
/// worse.
final class TopLevelReferences {

    private static final Set<String> LITERALS = Set.of("true", "false", "null");
    private static final Set<String> WORD_OPERATORS = Set.of("and", "or", "in");

    /// @param top whether names in it refer to the missing context item
    /// @param afterDot whether the bracketed expression is a later step of a path
    private record ScanFrame(boolean top, boolean afterDot) {}

    private final String text;
    private final Set<String> found = new LinkedHashSet<>();
    private final Deque<ScanFrame> frames = new ArrayDeque<>();
    private int at;
    private boolean top = true;
    private boolean wantsOperand = true;
    private boolean afterDot;

    private TopLevelReferences(String text) {
        this.text = text;
    }

    static Set<String> in(String expression) {
        var scan = new TopLevelReferences(expression);
        while (scan.at < expression.length() && scan.step()) {
            // Every step advances by at least one character.
        }
        return scan.found;
    }

    private void push(boolean innerTop) {
        frames.push(new ScanFrame(top, afterDot));
        top = innerTop;
        wantsOperand = true;
        afterDot = false;
    }

    private void pop() {
        if (!frames.isEmpty()) {
            ScanFrame frame = frames.pop();
            top = frame.top;
            afterDot = frame.afterDot;
        }
        wantsOperand = false;
    }

    private void operand() {
        wantsOperand = false;
    }

    /// @return false if the rest cannot be determined
    private boolean step() {
        char c = text.charAt(at);
        if (Character.isWhitespace(c)) {
            at++;
            return true;
        }
        if (text.startsWith("/*", at)) {
            int end = text.indexOf("*/", at + 2);
            at = end < 0 ? text.length() : end + 2;
            return true;
        }
        return wantsOperand ? atOperand(c) : atOperator(c);
    }

    private boolean atOperand(char c) {
        switch (c) {
            case '"', '\'' -> {
                skipQuoted(c);
                operand();
            }
            case '`' -> {
                int start = at + 1;
                skipQuoted(c);
                name(text.substring(start, Math.max(start, at - 1)));
            }
            case '$' -> variable();
            case '(', '[', '{' -> {
                at++;
                push(top && !afterDot);
            }
            case ')', ']', '}' -> {
                at++;
                pop();
            }
            case '-', ',', ';' -> at++;
            case '/' -> regex();
            case '|' -> {
                return false;
            }
            default -> {
                if (Character.isLetter(c) || c == '_') {
                    return word();
                }
                if (Character.isDigit(c)) {
                    number();
                } else {
                    at++;
                }
                operand();
            }
        }
        return true;
    }

    private boolean atOperator(char c) {
        switch (c) {
            case '.' -> {
                boolean range = text.startsWith("..", at);
                at += range ? 2 : 1;
                wantsOperand = true;
                afterDot = !range;
            }
            case '[', '{' -> {
                at++;
                push(false);
            }
            case '(' -> {
                at++;
                push(top && !afterDot);
            }
            case ')', ']', '}' -> {
                at++;
                pop();
            }
            case '^' -> {
                at = Math.max(at, text.indexOf('(', at)) + 1;
                push(false);
            }
            case '@', '#' -> {
                at = Math.min(text.length(), at + 2);
                identifier();
            }
            default -> {
                if (Character.isLetter(c)) {
                    if (!WORD_OPERATORS.contains(identifier())) {
                        return false;
                    }
                } else {
                    at++;
                    while (at < text.length() && "=>*".indexOf(text.charAt(at)) >= 0) {
                        at++;
                    }
                }
                wantsOperand = true;
                afterDot = false;
            }
        }
        return true;
    }

    private void skipQuoted(char quote) {
        at++;
        while (at < text.length() && text.charAt(at) != quote) {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        at++;
    }

    private void variable() {
        at++;
        if (at < text.length() && text.charAt(at) == '$') {
            at++;
            found.add("$$");
        } else if (identifier().isEmpty() && top && !afterDot) {
            found.add("$");
        }
        operand();
    }

    private String identifier() {
        int start = at;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
            at++;
        }
        return text.substring(start, at);
    }

    private void number() {
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at))
                        || text.charAt(at) == '.'
                                && at + 1 < text.length()
                                && Character.isDigit(text.charAt(at + 1)))) {
            at++;
        }
    }

    private void regex() {
        at++;
        while (at < text.length() && text.charAt(at) != '/') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        at++;
        identifier();
        operand();
    }

    private boolean word() {
        String word = identifier();
        if ((word.equals("function") || word.equals("λ"))
                && text.substring(at).stripLeading().startsWith("(")) {
            int body = text.indexOf('{', at);
            if (body < 0) {
                return false;
            }
            at = body + 1;
            push(false);
            return true;
        }
        name(word);
        return true;
    }

    private void name(String name) {
        if (top && !afterDot && !LITERALS.contains(name)) {
            found.add(name);
        }
        operand();
    }
}
