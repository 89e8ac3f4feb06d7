// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.platform;

import io.efirts.api.spec.ResetType;
import java.lang.foreign.MemorySegment;

/**
 * What the embedder does when the guest asks for a reset. Called by the thread that is inside the
 * firmware, on crash paths too: must not wait for that thread's own call to end.
 */
@FunctionalInterface
public interface ResetHandler {
  /**
   * Takes a reset request. May never return; when it does, ResetSystem returns EFI_SUCCESS.
   *
   * @param type what kind of reset
   * @param resetStatus the EFI_STATUS word that is the reason
   * @param data the guest's reset data, valid during the call only
   * @param dataBytes how much of it there is, cut off at the layout's largest variable
   */
  void reset(ResetType type, long resetStatus, MemorySegment data, long dataBytes);
}
