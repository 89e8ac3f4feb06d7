// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit;

import java.time.Duration;

/** How long a test waits for something that is bound to happen. */
public final class Patience {
  /** After this, a wait of this kit fails with an {@link AssertionError}. */
  public static final Duration LIMIT = Duration.ofSeconds(20);

  private Patience() {}
}
