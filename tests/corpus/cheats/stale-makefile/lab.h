#define main unused
