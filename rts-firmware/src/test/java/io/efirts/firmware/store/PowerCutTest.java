// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.firmware.FirmwareHarness;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.images.RecordedImages;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * I-29: after a power cut at any point each variable has its old or its new value, and no other
 * variable changed. The cut comes in front of every operation on the storage; what was not forced
 * is lost word by word at random. Then the machine goes on with what is left, and power fails
 * again.
 */
class PowerCutTest {
  private static final EfiGuid GUID = EfiGuid.of("6f1d3bd4-6a53-4d2c-9d62-6d0a3c8b7a10");

  /** The first character of one name looks like the start of a record. */
  private static final String[] NAMES = {"A", "Bootlike", "\u55AA\u003F\u0007"};

  private static final String ABSENT = "absent";
  private static final int ROUNDS = 3;
  private static final int CALLS_PER_ROUND = 7;
  private static final int MEDIA_PER_CUT = 3;

  /** What each variable may hold after a cut in front of an operation. */
  private record Moment(int operation, Map<String, Set<String>> allowed) {}

  @Property(tries = 40, seed = "20")
  void everyVariableIsOldOrNew(@ForAll long seed) throws Exception {
    run(new Random(seed), Trouble.NONE);
  }

  /** A refused operation leaves the old value in memory, and either of both on the medium. */
  @Property(tries = 150, seed = "20")
  void aRefusingDeviceChangesNothing(@ForAll long seed) throws Exception {
    run(new Random(seed), Trouble.REFUSAL);
  }

  /** The device refuses what would undo a change as well: then either value may be read. */
  @Property(tries = 150, seed = "20")
  void anOutageLeavesOneOfTheTwoValues(@ForAll long seed) throws Exception {
    run(new Random(seed), Trouble.OUTAGE);
  }

  /** Power fails after another process went on with what a killed one had not forced. */
  @Property(tries = 60, seed = "20")
  void whatAKilledProcessLeftIsNoLiability(@ForAll long seed) throws Exception {
    run(new Random(seed), Trouble.KILL);
  }

  private enum Trouble {
    NONE,
    REFUSAL,
    OUTAGE,
    KILL
  }

  private static void run(Random random, Trouble trouble) throws Exception {
    byte[] medium =
        NvImage.inMemory(NvLayout.OVMF_2M).storage().content().toArray(ValueLayout.JAVA_BYTE);
    for (int round = 0; round < ROUNDS; round++) {
      RecordingStorage storage = new RecordingStorage(medium);
      int when = random.nextInt(CALLS_PER_ROUND * 9);
      if (trouble == Trouble.REFUSAL) {
        storage.refuse(when, random.nextBoolean());
      } else if (trouble == Trouble.OUTAGE) {
        storage.refuseSeveral(when, random.nextBoolean(), 2 + random.nextInt(5));
      } else if (trouble == Trouble.KILL) {
        storage.die(when, random.nextBoolean());
      }
      List<Moment> moments = makeCalls(storage, random, trouble);
      for (int cut = 0; cut <= storage.operations(); cut++) {
        Map<String, Set<String>> allowed = allowedAt(moments, cut);
        for (int i = 0; i < MEDIA_PER_CUT; i++) {
          byte[] left = storage.mediumAfterCut(cut, random);
          check(left, allowed);
        }
      }
      medium = storage.mediumAfterCut(random.nextInt(storage.operations() + 1), random);
    }
  }

  private static List<Moment> makeCalls(RecordingStorage storage, Random random, Trouble trouble)
      throws Exception {
    NvImage image = NvImage.of(storage);
    FirmwareHarness guest = new FirmwareHarness(ReferenceFirmware.builder(image).build());
    Map<String, String> model = readAll(image.store());
    Map<String, Set<String>> allowed = new HashMap<>();
    for (String name : NAMES) {
      allowed.put(name, Set.of(model.getOrDefault(name, ABSENT)));
    }
    List<Moment> moments = new ArrayList<>();
    moments.add(new Moment(0, Map.copyOf(allowed)));
    for (int i = 0; i < CALLS_PER_ROUND; i++) {
      String name = NAMES[random.nextInt(NAMES.length)];
      String before = model.getOrDefault(name, ABSENT);
      String after = random.nextInt(4) == 0 ? ABSENT : randomValue(random);
      Set<String> either = new HashSet<>(allowed.get(name));
      either.add(after);
      allowed.put(name, either);
      moments.add(new Moment(storage.operations(), Map.copyOf(allowed)));

      boolean healthy = !storage.refused();
      EfiStatus status =
          EfiStatus.of(
              after.equals(ABSENT)
                  ? guest.delete(name, GUID, 7)
                  : guest.set(name, GUID, 7, hexBytes(after)));
      if (status.equals(EfiStatus.SUCCESS)
          || (status.equals(EfiStatus.NOT_FOUND) && after.equals(ABSENT))) {
        // What was missing may still come back if an earlier refused call left it on the medium.
        if (status.equals(EfiStatus.SUCCESS) && !before.equals(after)) {
          allowed.put(name, Set.of(after));
        }
        model.put(name, after);
      } else if (status.equals(EfiStatus.DEVICE_ERROR)) {
        assertTrue(
            trouble == Trouble.OUTAGE || (healthy && storage.refused()),
            "only the refused operation fails a call");
      } else {
        assertEquals(EfiStatus.OUT_OF_RESOURCES, status, "a tail that cannot be appended to");
      }
      if (storage.dead()) {
        storage.revive();
        image = NvImage.of(storage);
        guest = new FirmwareHarness(ReferenceFirmware.builder(image).build());
      }
      if (trouble == Trouble.KILL || trouble == Trouble.OUTAGE) {
        String found = readAll(image.store()).getOrDefault(name, ABSENT);
        assertTrue(found.equals(before) || found.equals(after));
        assertTrue(found.equals(after) || !status.equals(EfiStatus.SUCCESS));
        model.put(name, found);
      }
      Map<String, String> seen = readAll(image.store());
      assertEquals(model.getOrDefault(name, ABSENT), seen.getOrDefault(name, ABSENT), name);
      moments.add(new Moment(storage.operations(), Map.copyOf(allowed)));
    }
    return moments;
  }

  private static Map<String, Set<String>> allowedAt(List<Moment> moments, int cut) {
    Map<String, Set<String>> allowed = moments.getFirst().allowed;
    for (Moment moment : moments) {
      if (moment.operation <= cut) {
        allowed = moment.allowed;
      }
    }
    return allowed;
  }

  private static void check(byte[] medium, Map<String, Set<String>> allowed) throws Exception {
    Map<String, String> found = readAll(NvImage.of(RecordedImages.storage(medium)).store());
    for (String name : NAMES) {
      String value = found.getOrDefault(name, ABSENT);
      assertTrue(
          allowed.get(name).contains(value),
          () -> "variable " + name + " is " + value + ", allowed " + allowed.get(name));
    }
    assertTrue(Set.of(NAMES).containsAll(found.keySet()), "no other variable appeared");
  }

  private static Map<String, String> readAll(VariableStore store) {
    Map<String, String> values = new HashMap<>();
    for (long record = store.nextVisible(VariableStore.NONE, 0);
        record != VariableStore.NONE;
        record = store.nextVisible(record, 0)) {
      assertEquals(7, store.attributes(record));
      assertEquals(null, values.put(store.name(record), hex(store.data(record))), "visible once");
    }
    return values;
  }

  private static String randomValue(Random random) {
    byte[] value = new byte[1 + random.nextInt(90)];
    random.nextBytes(value);
    return hex(value);
  }

  private static String hex(byte[] bytes) {
    return java.util.HexFormat.of().formatHex(bytes);
  }

  private static byte[] hexBytes(String hex) {
    return java.util.HexFormat.of().parseHex(hex);
  }
}
