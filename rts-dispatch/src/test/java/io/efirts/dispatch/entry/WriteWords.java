// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.entry;

import io.efirts.api.CallResult;
import io.efirts.api.spec.RuntimeService;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.GuestPage;

/** SetVariable by words of any value. */
final class WriteWords {
  private WriteWords() {}

  static CallResult set(Dispatcher dispatcher, long nameAddress, long attributes, long dataSize) {
    return dispatcher
        .abi()
        .call(
            RuntimeService.SET_VARIABLE,
            nameAddress,
            GuestPage.GUID_ADDRESS,
            attributes,
            dataSize,
            GuestPage.DATA_ADDRESS);
  }
}
