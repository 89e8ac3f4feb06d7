// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.service;

import io.efirts.api.CallResult;
import io.efirts.api.call.RuntimeCall;

/** Copies a call's results to where its caller wants them, when nobody waits in the same method. */
interface CopyOut {
  /**
   * Copies.
   *
   * @param item the work item of a call that has come back
   * @param result its result
   */
  void copyOut(RuntimeCall item, CallResult result);
}
