// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.entry;

import io.efirts.api.call.CallFrame;
import io.efirts.api.spi.FirmwareContext;

/**
 * What one path needs to enter the firmware, made beforehand: its call frame and a place for the
 * context it interrupts. Every path has its own, so an entry nested in another one cannot overwrite
 * what the outer one saved.
 *
 * <p>Used by the thread that has the gate.
 */
public final class EntryLane {
  private final CallFrame frame;
  private final FirmwareContext.SaveArea saveArea;

  /**
   * A lane into a context.
   *
   * @param context the context it leads into
   */
  public EntryLane(FirmwareContext context) {
    frame = new CallFrame(context.memory());
    saveArea = context.newSaveArea();
  }

  CallFrame frame() {
    return frame;
  }

  FirmwareContext.SaveArea saveArea() {
    return saveArea;
  }
}
