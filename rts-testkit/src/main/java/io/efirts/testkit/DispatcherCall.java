// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit;

import io.efirts.api.CallResult;

/** One call of a dispatcher, whichever way in it takes. */
@FunctionalInterface
interface DispatcherCall {
  /**
   * Makes the call.
   *
   * @param dispatcher where to
   * @return its result
   */
  CallResult make(DispatcherUnderTest dispatcher);
}
