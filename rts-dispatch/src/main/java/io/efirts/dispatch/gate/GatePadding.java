// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.gate;

/**
 * Keeps the gate's word 128 bytes away from anything else: two cache lines, because processors
 * fetch lines in pairs. Padding is inherited, since the JVM orders the fields of one class freely
 * but never mixes those of a superclass into a subclass; it is made of bytes, since a larger type
 * would leave gaps that a subclass' fields are laid into.
 */
@SuppressWarnings("unused")
final class GatePadding {
  private GatePadding() {}

  /** Padding in front of the word. */
  abstract static class Ahead {
    private byte a000, a001, a002, a003, a004, a005, a006, a007;
    private byte a010, a011, a012, a013, a014, a015, a016, a017;
    private byte a020, a021, a022, a023, a024, a025, a026, a027;
    private byte a030, a031, a032, a033, a034, a035, a036, a037;
    private byte a040, a041, a042, a043, a044, a045, a046, a047;
    private byte a050, a051, a052, a053, a054, a055, a056, a057;
    private byte a060, a061, a062, a063, a064, a065, a066, a067;
    private byte a070, a071, a072, a073, a074, a075, a076, a077;
    private byte a080, a081, a082, a083, a084, a085, a086, a087;
    private byte a090, a091, a092, a093, a094, a095, a096, a097;
    private byte a0a0, a0a1, a0a2, a0a3, a0a4, a0a5, a0a6, a0a7;
    private byte a0b0, a0b1, a0b2, a0b3, a0b4, a0b5, a0b6, a0b7;
    private byte a0c0, a0c1, a0c2, a0c3, a0c4, a0c5, a0c6, a0c7;
    private byte a0d0, a0d1, a0d2, a0d3, a0d4, a0d5, a0d6, a0d7;
    private byte a0e0, a0e1, a0e2, a0e3, a0e4, a0e5, a0e6, a0e7;
    private byte a0f0, a0f1, a0f2, a0f3, a0f4, a0f5, a0f6, a0f7;
  }

  /**
   * The word, see {@link GateWord}; accessed through the VarHandle of {@link FirmwareGate} only.
   */
  abstract static class Word extends Ahead {
    long word;
  }

  /** Padding behind the word. */
  abstract static class Behind extends Word {
    private byte b000, b001, b002, b003, b004, b005, b006, b007;
    private byte b010, b011, b012, b013, b014, b015, b016, b017;
    private byte b020, b021, b022, b023, b024, b025, b026, b027;
    private byte b030, b031, b032, b033, b034, b035, b036, b037;
    private byte b040, b041, b042, b043, b044, b045, b046, b047;
    private byte b050, b051, b052, b053, b054, b055, b056, b057;
    private byte b060, b061, b062, b063, b064, b065, b066, b067;
    private byte b070, b071, b072, b073, b074, b075, b076, b077;
    private byte b080, b081, b082, b083, b084, b085, b086, b087;
    private byte b090, b091, b092, b093, b094, b095, b096, b097;
    private byte b0a0, b0a1, b0a2, b0a3, b0a4, b0a5, b0a6, b0a7;
    private byte b0b0, b0b1, b0b2, b0b3, b0b4, b0b5, b0b6, b0b7;
    private byte b0c0, b0c1, b0c2, b0c3, b0c4, b0c5, b0c6, b0c7;
    private byte b0d0, b0d1, b0d2, b0d3, b0d4, b0d5, b0d6, b0d7;
    private byte b0e0, b0e1, b0e2, b0e3, b0e4, b0e5, b0e6, b0e7;
    private byte b0f0, b0f1, b0f2, b0f3, b0f4, b0f5, b0f6, b0f7;
  }

  /** Whether calls are still accepted; see {@link FirmwareGate#acceptsCalls}. */
  abstract static class Latch extends Behind {
    volatile boolean notOpen;
  }

  /** Padding behind the latch. */
  abstract static class BehindLatch extends Latch {
    private byte c000, c001, c002, c003, c004, c005, c006, c007;
    private byte c010, c011, c012, c013, c014, c015, c016, c017;
    private byte c020, c021, c022, c023, c024, c025, c026, c027;
    private byte c030, c031, c032, c033, c034, c035, c036, c037;
    private byte c040, c041, c042, c043, c044, c045, c046, c047;
    private byte c050, c051, c052, c053, c054, c055, c056, c057;
    private byte c060, c061, c062, c063, c064, c065, c066, c067;
    private byte c070, c071, c072, c073, c074, c075, c076, c077;
    private byte c080, c081, c082, c083, c084, c085, c086, c087;
    private byte c090, c091, c092, c093, c094, c095, c096, c097;
    private byte c0a0, c0a1, c0a2, c0a3, c0a4, c0a5, c0a6, c0a7;
    private byte c0b0, c0b1, c0b2, c0b3, c0b4, c0b5, c0b6, c0b7;
    private byte c0c0, c0c1, c0c2, c0c3, c0c4, c0c5, c0c6, c0c7;
    private byte c0d0, c0d1, c0d2, c0d3, c0d4, c0d5, c0d6, c0d7;
    private byte c0e0, c0e1, c0e2, c0e3, c0e4, c0e5, c0e6, c0e7;
    private byte c0f0, c0f1, c0f2, c0f3, c0f4, c0f5, c0f6, c0f7;
  }
}
