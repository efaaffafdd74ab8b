/* A library that loads and exports nothing of use. */
int nothing_of_use(void);

int nothing_of_use(void) { return 0; }
