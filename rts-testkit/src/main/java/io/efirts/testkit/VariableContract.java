// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit;

import org.junit.jupiter.api.Timeout;

/**
 * What UEFI 2.10 section 8.2 promises about variables before ExitBootServices, for any firmware, or
 * for the part of one that is left after a crash. Extended by the test of an implementation, which
 * gives machines through {@code newMachine} and {@code afterColdReset}; the tests themselves are
 * grouped in the interfaces this class implements.
 */
@Timeout(120)
public abstract class VariableContract
    implements GetVariablePromises,
        VariableNamePromises,
        SetVariablePromises,
        VariableInfoPromises {
  /** For subclasses. */
  protected VariableContract() {}
}
