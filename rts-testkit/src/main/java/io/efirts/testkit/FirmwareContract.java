// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit;

import org.junit.jupiter.api.Timeout;

/**
 * What UEFI 2.10 chapter 8 promises about variables, time and the monotonic counter before
 * ExitBootServices, for any firmware. Extended by the test of an implementation, which gives
 * machines through {@code newMachine} and {@code afterColdReset}; the tests themselves are grouped
 * in the interfaces this class implements.
 */
@Timeout(120)
public abstract class FirmwareContract
    implements GetVariablePromises,
        VariableNamePromises,
        SetVariablePromises,
        VariableInfoPromises,
        TimePromises,
        MonotonicCountPromises {
  /** For subclasses. */
  protected FirmwareContract() {}
}
