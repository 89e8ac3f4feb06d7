// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.entry;

import io.efirts.api.call.CallFrame;
import io.efirts.api.call.RuntimeCall;
import io.efirts.api.spi.Firmware;
import io.efirts.api.spi.FirmwareContext;

/**
 * What one path needs of its own to enter the firmware: its frame, its place for the previous
 * context, and a second work item and frame for the questions that precede some calls. Each path
 * has one, so that a path that enters while another was stopped inside overwrites nothing.
 */
public final class EntryLane {
  private final FirmwareContext context;
  private final CallFrame frame;
  private final FirmwareContext.SaveArea saveArea;
  private final RuntimeCall questionItem;
  private final CallFrame questionFrame;

  /** Whether firmware is in the question. */
  private boolean asking;

  /** The type of reset that the capsules of the call under way need, see PendingCapsule. */
  private int capsuleReset;

  /**
   * A lane into a context.
   *
   * @param context the context it leads into
   * @param questionItem a work item of the lane's own
   */
  public EntryLane(FirmwareContext context, RuntimeCall questionItem) {
    this.context = context;
    this.questionItem = questionItem;
    frame = new CallFrame(context.memory());
    saveArea = context.newSaveArea();
    questionFrame = new CallFrame(context.memory());
  }

  FirmwareContext context() {
    return context;
  }

  CallFrame frame() {
    return frame;
  }

  FirmwareContext.SaveArea saveArea() {
    return saveArea;
  }

  RuntimeCall questionItem() {
    return questionItem;
  }

  /** Unpacks a call that is about to be made. */
  void load(RuntimeCall item) {
    asking = false;
    frame.load(item);
  }

  /** Asks the question that was packed into its item, and returns the status. */
  long ask(Firmware firmware) {
    questionFrame.load(questionItem);
    asking = true;
    long status = firmware.call(questionFrame);
    asking = false;
    return status;
  }

  /** What firmware was called with last: a question, if that has not come back. */
  CallFrame lastFrame() {
    return asking ? questionFrame : frame;
  }

  int capsuleReset() {
    return capsuleReset;
  }

  void capsuleReset(int resetType) {
    capsuleReset = resetType;
  }
}
