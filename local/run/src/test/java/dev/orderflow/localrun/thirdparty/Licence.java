package dev.orderflow.localrun.thirdparty;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/// The licences that a library of ours may have, by their SPDX names, each with the names under
/// which libraries announce it.
///
/// All of them permit running, changing and selling the system. A distribution must include the
/// texts of the licences; for those of Eclipse and Mozilla, and of the GNU project with its
/// exception, also the sources of a changed library.
enum Licence {
    APACHE_2(
            "Apache-2.0",
            "(the )?apache([- ](software )?licen[cs]e)?,?[- ](version )?2(\\.0)?( licen[cs]e)?"),
    MIT("MIT", "(the )?mit( licen[cs]e)?"),
    MIT_0("MIT-0", "mit-0"),
    BSD_0("0BSD", "0bsd"),
    BSD_2("BSD-2-Clause", "bsd-2-clause"),
    BSD_3(
            "BSD-3-Clause",
            "bsd-3-clause|edl 1\\.0|eclipse distribution licen[cs]e( -)? v\\. ?1\\.0|eclipse distribution licen[cs]e - v 1\\.0"),
    PUBLIC_DOMAIN("CC0-1.0", "public domain, per creative commons cc0"),
    EPL_2("EPL-2.0", "epl[ -]2\\.0|eclipse public licen[cs]e( -)? v\\.? ?2\\.0"),
    MPL_2("MPL-2.0", "mpl 2\\.0|mozilla public licen[cs]e, version 2\\.0");

    private final String spdx;
    private final Pattern names;

    Licence(String spdx, String names) {
        this.spdx = spdx;
        this.names = Pattern.compile(names, Pattern.CASE_INSENSITIVE);
    }

    /// @param announced as a library writes it
    /// @return empty when it is not one of these
    static Optional<Licence> of(String announced) {
        return Arrays.stream(values())
                .filter(licence -> licence.names.matcher(announced.strip()).matches())
                .findFirst();
    }

    /// The SPDX identifier.
    String spdx() {
        return spdx;
    }
}
