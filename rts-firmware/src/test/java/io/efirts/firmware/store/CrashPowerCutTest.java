// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.spec.EfiStatus;
import io.efirts.firmware.FirmwareHarness;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.crash.Deed;
import io.efirts.firmware.crash.StoppedCall;
import io.efirts.firmware.images.RecordedImages;
import io.efirts.testkit.step.SteppedStorage;
import io.efirts.testkit.step.StorageStep;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * I-29 for the crash entry: a thread is stopped inside the ordinary firmware, the crash entry reads
 * and writes, in between the thread goes on, and power fails in front of any operation since the
 * stop. What the crash entry has read or written is there afterwards; what it was writing has its
 * old or its new value.
 */
@Timeout(120)
class CrashPowerCutTest {
  private static final int MEDIA_PER_CUT = 2;

  /** In front of each change, and behind the one that decides. */
  private static final List<StorageStep> STEPS =
      List.of(
          StorageStep.BEFORE_WRITE,
          StorageStep.BEFORE_COMPARE_AND_SET,
          StorageStep.AFTER_COMPARE_AND_SET,
          StorageStep.BEFORE_FORCE);

  /** From this operation on the medium may hold one of these. */
  private record Moment(int operation, Set<Map<String, String>> allowed) {}

  private final Random random = new Random(20);
  private int cuts;

  @Test
  void everyVariableIsOldOrNew() throws Exception {
    for (Deed stopped : List.of(Deed.REPLACE, Deed.CREATE, Deed.DELETE)) {
      for (Deed crash : List.of(Deed.REPLACE, Deed.CREATE, Deed.DELETE)) {
        for (StorageStep step : STEPS) {
          int number = 1;
          while (survivesAt(stopped, crash, step, number)) {
            number++;
          }
        }
      }
    }
    System.out.println("crash entry: power cuts=" + cuts);
    assertTrue(cuts > 2000, "power must fail in front of each operation: cuts=" + cuts);
  }

  private boolean survivesAt(Deed stopped, Deed deed, StorageStep step, int number)
      throws Exception {
    byte[] empty =
        NvImage.inMemory(NvLayout.OVMF_2M).storage().content().toArray(ValueLayout.JAVA_BYTE);
    RecordingStorage recording = new RecordingStorage(empty);
    SteppedStorage storage = new SteppedStorage(recording);
    ReferenceFirmware firmware = ReferenceFirmware.builder(NvImage.of(storage)).build();
    FirmwareHarness owner = new FirmwareHarness(firmware);
    FirmwareHarness crash = new FirmwareHarness(firmware.crashEntry()::call);
    owner.set("V", Deed.GUID, 7, (byte) 1);
    Map<String, String> before = owner.variables();
    try (StoppedCall call = StoppedCall.at(storage, step, number, () -> stopped.done(owner, 2))) {
      if (call == null) {
        return false;
      }
      List<Moment> moments = new ArrayList<>();
      int stop = recording.operations();
      moments.add(new Moment(stop, Set.of(before, stopped.on(before, 2))));

      Map<String, String> found = crash.variables();
      moments.add(new Moment(recording.operations(), Set.of(found)));
      Map<String, String> first = change(crash, deed, 3, found, recording, moments);
      call.goOn();
      Map<String, String> second = change(crash, Deed.REPLACE, 4, first, recording, moments);
      assertEquals(second, crash.variables());

      for (int cut = stop; cut <= recording.operations(); cut++) {
        check(recording, cut, allowedAt(moments, cut), stopped + " at " + step + " " + number);
      }
    }
    return true;
  }

  private static Map<String, String> change(
      FirmwareHarness crash,
      Deed deed,
      int mark,
      Map<String, String> before,
      RecordingStorage recording,
      List<Moment> moments) {
    Map<String, String> after = deed.on(before, mark);
    moments.add(new Moment(recording.operations(), Set.copyOf(List.of(before, after))));
    EfiStatus status = EfiStatus.of(deed.done(crash, mark));
    assertEquals(
        deed == Deed.DELETE && after.equals(before) ? EfiStatus.NOT_FOUND : EfiStatus.SUCCESS,
        status);
    moments.add(new Moment(recording.operations(), Set.of(after)));
    return after;
  }

  private static Set<Map<String, String>> allowedAt(List<Moment> moments, int cut) {
    Set<Map<String, String>> allowed = moments.getFirst().allowed;
    for (Moment moment : moments) {
      if (moment.operation <= cut) {
        allowed = moment.allowed;
      }
    }
    return allowed;
  }

  private void check(
      RecordingStorage recording, int cut, Set<Map<String, String>> allowed, String where)
      throws Exception {
    for (int i = 0; i < MEDIA_PER_CUT; i++) {
      cuts++;
      byte[] medium = recording.mediumAfterCut(cut, random);
      NvImage image = NvImage.of(RecordedImages.storage(medium));
      Map<String, String> found = variables(image.store());
      assertTrue(
          allowed.contains(found), () -> where + ": found " + found + ", allowed " + allowed);
    }
  }

  private static Map<String, String> variables(VariableStore store) {
    Map<String, String> values = new TreeMap<>();
    for (long record = store.nextVisible(VariableStore.NONE, 0);
        record != VariableStore.NONE;
        record = store.nextVisible(record, 0)) {
      values.put(store.name(record), HexFormat.of().formatHex(store.data(record)));
    }
    return values;
  }
}
